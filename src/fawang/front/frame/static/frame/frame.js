// What the pages do beyond HTML. Every page works without it.
(() => {
  "use strict";
  const root = document.documentElement;
  root.classList.add("has-js");

  // --- a double click never files twice; coming back makes the button work again
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.dataset.sent === "1") {
      event.preventDefault();
      return;
    }
    if (form.hasAttribute("hx-post") || form.hasAttribute("hx-get") || (form.method || "get") === "get") return;
    form.dataset.sent = "1";
    // after this tick, so that the pressed button's own name and value are still sent
    setTimeout(() => form.querySelectorAll("button").forEach((button) => button.classList.add("is-busy")), 0);
    setTimeout(() => release(form), 15000);
  });
  const release = (form) => {
    delete form.dataset.sent;
    form.querySelectorAll(".is-busy").forEach((button) => button.classList.remove("is-busy"));
  };

  // --- read the page aloud
  const speaker = document.querySelector("[data-read-aloud]");
  if (speaker && "speechSynthesis" in window) {
    speaker.hidden = false;
    const words = speaker.querySelector("span");
    const start = words.textContent;
    const stopped = () => {
      words.textContent = start;
      speaker.setAttribute("aria-pressed", "false");
    };
    speaker.addEventListener("click", () => {
      if (speechSynthesis.speaking) {
        speechSynthesis.cancel();
        stopped();
        return;
      }
      const text = document.getElementById("main").innerText;
      // long texts stop by themselves in some browsers, so they are read in sentences
      const parts = text.match(/[^。！？!?\n]{1,180}[。！？!?\n]?/g) || [];
      parts.forEach((part, index) => {
        const speech = new SpeechSynthesisUtterance(part);
        speech.lang = root.lang === "en" ? "en" : "zh-CN";
        speech.rate = 0.9;
        if (index === parts.length - 1) speech.onend = stopped;
        speechSynthesis.speak(speech);
      });
      words.textContent = speaker.dataset.stop;
      speaker.setAttribute("aria-pressed", "true");
    });
    addEventListener("pagehide", () => speechSynthesis.cancel());
  }

  // --- keyboard: [data-key="g q"] or [data-key="a"] is pressed by its keys, `/` goes to the search, `?` shows the keys
  let prefix = "";
  const isTyping = (element) => element.closest("input, textarea, select, [contenteditable]") !== null;
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.key === "Escape" && isTyping(event.target)) {
      event.target.blur();
      return;
    }
    if (isTyping(event.target)) return;
    if (event.key === "/") {
      const search = document.querySelector("[data-search]");
      if (search) {
        event.preventDefault();
        search.focus();
      }
      return;
    }
    if (event.key === "j" || event.key === "k") {
      if (step(event.key === "j" ? 1 : -1)) event.preventDefault();
      return;
    }
    const key = prefix ? `${prefix} ${event.key}` : event.key;
    prefix = "";
    const target = [...document.querySelectorAll("[data-key]")].find((one) => one.dataset.key === key);
    if (target) {
      event.preventDefault();
      if (target.matches("input, textarea, select")) target.focus();
      else target.click();
    } else if (event.key === "g") {
      prefix = "g";
      setTimeout(() => { prefix = ""; }, 1200);
    }
  });
  const step = (by) => {
    const rows = [...document.querySelectorAll("[data-row] a, a[data-row]")];
    if (!rows.length) return false;
    const now = rows.indexOf(document.activeElement);
    rows[Math.min(Math.max(now + by, 0), rows.length - 1)].focus();
    return true;
  };

  // --- characters left in long answers
  const count = (area) => {
    const line = document.getElementById(`${area.id}-count`);
    if (!line) return;
    const left = Number(area.dataset.count) - [...area.value].length;
    line.textContent = (left >= 0 ? line.dataset.left : line.dataset.over).replace("{n}", String(Math.abs(left)));
    line.classList.toggle("is-over", left < 0);
  };
  document.addEventListener("input", (event) => {
    if (event.target.matches("textarea[data-count]")) count(event.target);
  });

  // --- an answer that decides what else is asked: the questions are asked for again, what was typed stays. Whoever
  // goes on typing meanwhile is never overtaken by the reply: it is dropped, and asked for once more
  let edits = 0;
  let asking = 0;
  const ask = (form, name) => {
    const before = edits;
    const place = form.dataset.refresh;
    const stale = (event) => {
      if (event.target !== document.querySelector(place) || edits === before) return;
      event.detail.shouldSwap = false;
      refresh(form, name);
    };
    document.addEventListener("htmx:beforeSwap", stale);
    const address = form.getAttribute("action") || location.pathname + location.search;
    window.htmx.ajax("POST", address, { source: form, values: { narrow: name }, target: place, select: place, swap: "outerHTML" })
      .finally(() => document.removeEventListener("htmx:beforeSwap", stale));
  };
  const refresh = (form, name) => {
    clearTimeout(asking);
    asking = setTimeout(() => ask(form, name), 250);
  };
  document.addEventListener("input", (event) => {
    if (event.target.closest("form[data-decides]")) edits += 1;
  });
  document.addEventListener("change", (event) => {
    const form = event.target.closest("form[data-decides]");
    if (!form || !window.htmx || !event.target.name) return;
    const name = event.target.name.split("__")[0];
    if (form.dataset.decides.split(" ").includes(name)) refresh(form, name);
  });

  // --- a point on the map: where this device is
  document.querySelectorAll("[data-point]").forEach((point) => {
    const button = point.querySelector("[data-locate]");
    if (!button || !("geolocation" in navigator)) return;
    button.addEventListener("click", () => navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        const [lat, lng] = point.querySelectorAll("input");
        lat.value = coords.latitude.toFixed(6);
        lng.value = coords.longitude.toFixed(6);
        point.querySelector("[data-located]").textContent = "";
      },
      () => { point.querySelector("[data-located]").textContent = button.dataset.failed; },
      { timeout: 8000, maximumAge: 60000 },
    ));
  });

  // --- a signature drawn by hand, as an SVG path in a box of 600 by 200
  document.querySelectorAll("[data-signature]").forEach((signature) => {
    const pad = signature.querySelector("[data-pad]");
    const ink = pad.querySelector("path");
    const strokes = signature.querySelector("[data-strokes]");
    const at = (event) => {
      const box = pad.getBoundingClientRect();
      return `${Math.round((event.clientX - box.left) * 600 / box.width)} ${Math.round((event.clientY - box.top) * 200 / box.height)}`;
    };
    const draw = (piece) => {
      const path = strokes.value + piece;
      if (path.length > 20000) return;
      strokes.value = path;
      ink.setAttribute("d", path);
    };
    pad.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      pad.setPointerCapture(event.pointerId);
      draw(`M${at(event)}`);
    });
    pad.addEventListener("pointermove", (event) => {
      if (pad.hasPointerCapture(event.pointerId)) draw(`L${at(event)}`);
    });
    signature.querySelector("[data-wipe]").addEventListener("click", () => {
      strokes.value = "";
      ink.setAttribute("d", "");
    });
  });

  // --- what was typed survives a lost connection: kept for this tab, never for fields marked sensitive
  const SKIP = "[data-sensitive], [type=hidden], [type=password], [type=file], [autocomplete=one-time-code]";
  const keyOf = (form) => `draft:${location.pathname}:${form.getAttribute("action") || ""}`;
  const fields = (form) => [...form.elements].filter((one) => one.name && !one.matches(`button, fieldset, ${SKIP}`));
  const keep = (form) => {
    const kept = {};
    fields(form).forEach((one) => {
      if (/^(radio|checkbox)$/.test(one.type)) {
        if (one.checked) (kept[one.name] ||= []).push(one.value);
      } else if (one.value) kept[one.name] = [one.value];
    });
    try {
      sessionStorage.setItem(keyOf(form), JSON.stringify(kept));
    } catch { /* a full or forbidden store is no reason to stop */ }
  };
  const restore = (form) => {
    let kept = null;
    try {
      kept = JSON.parse(sessionStorage.getItem(keyOf(form)) || "null");
    } catch { /* as above */ }
    if (!kept) return;
    fields(form).forEach((one) => {
      const values = kept[one.name] || [];
      if (/^(radio|checkbox)$/.test(one.type)) {
        if (values.includes(one.value) && !form.querySelector(`[name="${CSS.escape(one.name)}"]:checked:not([value="${CSS.escape(one.value)}"])`)) one.checked = true;
      } else if (!one.value && values[0]) one.value = values[0];
    });
  };
  const drafts = [...document.querySelectorAll("form[data-draft]")];
  drafts.forEach((form) => {
    restore(form);
    form.addEventListener("input", () => keep(form));
    form.addEventListener("change", () => keep(form));
  });
  const forget = () => Object.keys(sessionStorage).filter((key) => key.startsWith("draft:")).forEach((key) => sessionStorage.removeItem(key));
  // a receipt, or leaving: nothing stays behind on a shared device
  if (document.querySelector("[data-drafts-done]")) forget();
  document.querySelectorAll("form[data-forget]").forEach((form) => form.addEventListener("submit", forget));
  document.querySelectorAll("textarea[data-count]").forEach(count);

  // --- error summary takes the focus, so that it is read first
  const summary = document.querySelector("[data-focus]");
  if (summary) summary.focus();

  // --- small things: print, copy
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-print], [data-copy]");
    if (!button) return;
    if (button.hasAttribute("data-print")) print();
    else if (navigator.clipboard) navigator.clipboard.writeText(button.dataset.copy);
  });
  document.querySelectorAll(".needs-js:not([data-read-aloud])").forEach((one) => { one.hidden = false; });

  addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach(release));
})();
