// The screen of a hall says each new call aloud, once. Without a voice, or without scripts, it is read from the screen.
(() => {
  "use strict";
  const seen = new Set();
  const rows = () => [...document.querySelectorAll("[data-called]")];
  rows().forEach((row) => seen.add(row.dataset.called));
  document.addEventListener("htmx:afterSwap", () => {
    rows().reverse().forEach((row) => {
      if (seen.has(row.dataset.called)) return;
      seen.add(row.dataset.called);
      if (!("speechSynthesis" in window)) return;
      const speech = new SpeechSynthesisUtterance(row.dataset.say);
      speech.lang = document.documentElement.lang === "en" ? "en" : "zh-CN";
      speech.rate = 0.85;
      speechSynthesis.speak(speech);
    });
  });
})();
