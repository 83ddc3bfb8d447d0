// "Use my position": the form is sent with the device's position, by POST. Without JavaScript a place is typed.
(() => {
  "use strict";
  document.querySelectorAll("form[data-near]").forEach((form) => {
    const button = form.querySelector("[data-locate]");
    if (!button || !("geolocation" in navigator)) return;
    const said = form.querySelector("[data-located]");
    button.hidden = false;
    button.addEventListener("click", () => {
      said.textContent = "…";
      navigator.geolocation.getCurrentPosition(
        ({ coords }) => {
          form.elements.lng.value = coords.longitude.toFixed(3);
          form.elements.lat.value = coords.latitude.toFixed(3);
          form.requestSubmit();
        },
        () => { said.textContent = button.dataset.failed; },
        { timeout: 8000, maximumAge: 60000 },
      );
    });
  });
})();
