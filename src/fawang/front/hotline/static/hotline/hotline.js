// What the console does beyond HTML: chords that work while typing, the call that takes the focus, a lost connection.
(() => {
  "use strict";
  // --- [data-chord="ctrl+enter"] or "alt+1": pressed also while typing; of several the one of the form in use
  const chordOf = (event) => [
    event.ctrlKey || event.metaKey ? "ctrl" : "",
    event.altKey ? "alt" : "",
    event.code.replace(/^(Key|Digit)/, "").replace("NumpadEnter", "Enter").toLowerCase(),
  ].filter(Boolean).join("+");
  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey || event.altKey) || event.isComposing) return;
    const wanted = chordOf(event);
    const all = [...document.querySelectorAll("[data-chord]")].filter((one) => one.dataset.chord === wanted && one.offsetParent);
    if (!all.length) return;
    event.preventDefault();
    const form = document.activeElement ? document.activeElement.form : null;
    const target = all.find((one) => form && one.form === form) || all[0];
    if (target.matches("input, textarea, select")) target.focus();
    else target.click();
  });

  // --- a ringing call takes the focus, unless somebody is typing, and shows in the tab's title
  const title = document.title;
  const noticeCall = () => {
    const call = document.querySelector("[data-ringing]");
    document.title = call ? `● ${call.dataset.ringing}` : title;
    const busy = document.activeElement && document.activeElement.matches("input, textarea, select");
    if (call && !busy) call.focus();
  };
  noticeCall();

  // --- the notes take the focus when the page is fresh
  const words = document.getElementById("q-contact_words");
  if (words && !document.querySelector("[data-focus], #order form")) words.focus();

  // --- the questions of a service opened: go to the first that is empty
  const goToFirstEmpty = (panel) => {
    const fields = [...panel.querySelectorAll("input:not([type=hidden]), textarea, select")].filter((one) => !one.closest("details"));
    const isEmpty = (one) => (one.type === "radio" ? !panel.querySelector(`[name="${CSS.escape(one.name)}"]:checked`) : !one.value);
    const next = fields.find((one) => one.required && isEmpty(one)) || fields.find(isEmpty) || fields[0];
    if (next) next.focus({ preventScroll: true });
    panel.scrollIntoView({ block: "start" });
  };
  const opened = document.querySelector("#order form");
  if (opened && !document.querySelector("[data-focus]")) goToFirstEmpty(opened);
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.target.id === "order") goToFirstEmpty(event.target);
    noticeCall();
  });

  // --- no connection: what is typed stays on the page and is sent again until it is saved
  let waiting = 0;
  const again = (event) => {
    const saved = document.getElementById("saved");
    if (!saved || event.target !== saved) return;
    saved.textContent = saved.dataset.offline;
    clearTimeout(waiting);
    waiting = setTimeout(() => window.htmx.trigger(saved, "retry"), 3000);
  };
  document.addEventListener("htmx:sendError", again);
  document.addEventListener("htmx:timeout", again);
})();
