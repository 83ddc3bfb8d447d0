// The law beside the work: Alt+L to the box, arrows and Enter put the quotation where the cursor was, Alt+M takes the draft.
(() => {
  "use strict";
  const box = document.querySelector("[data-law]");
  const input = document.getElementById("law-q");
  if (!box || !input) return;
  let last = null;
  const isText = (one) => one.matches("textarea") && !box.contains(one);
  document.addEventListener("focusin", (event) => { if (isText(event.target)) last = event.target; });
  const target = () => (last && last.isConnected ? last : document.querySelector(box.dataset.into));
  const rows = () => [...box.querySelectorAll("[data-insert]")];
  const changed = (field) => field.dispatchEvent(new Event("input", { bubbles: true }));

  const put = (field, text) => {
    field.setRangeText(text, field.selectionStart, field.selectionEnd, "end");
    changed(field);
  };
  const addLine = (field, line) => {
    if (!line || field.value.includes(line)) return;
    field.value = field.value ? `${field.value.trimEnd()}\n${line}` : line;
    changed(field);
  };
  const insert = (row) => {
    const field = target();
    if (!field) return;
    const list = document.getElementById("q-articles");
    if (field === list) addLine(list, row.dataset.cite);
    else {
      put(field, row.dataset.insert);
      if (list) addLine(list, row.dataset.cite);
    }
    field.focus();
  };
  box.addEventListener("click", (event) => {
    const row = event.target.closest("[data-insert]");
    if (row) insert(row);
  });

  box.addEventListener("keydown", (event) => {
    const all = rows();
    const at = all.indexOf(document.activeElement);
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const next = at + (event.key === "ArrowDown" ? 1 : -1);
      if (next < 0) input.focus();
      else if (all.length) all[Math.min(next, all.length - 1)].focus();
    } else if (event.key === "Escape") {
      const field = target();
      if (field) field.focus();
      event.stopPropagation();
    }
  });
  box.querySelector("form").addEventListener("submit", (event) => {
    event.preventDefault();
    if (rows()[0]) insert(rows()[0]);
  });

  // a draft is taken over into the form of the same page; what was typed stays above it
  const take = (form) => {
    let first = null;
    [...form.elements].filter((one) => one.type === "hidden").forEach((one) => {
      const field = document.getElementById(`q-${one.name}`);
      const radio = document.querySelector(`input[type=radio][name="${CSS.escape(one.name)}"][value="${CSS.escape(one.value)}"]`);
      if (radio) {
        if (document.querySelector(`[name="${CSS.escape(one.name)}"]:checked`)) return;
        radio.checked = true;
        changed(radio);
      } else if (field && field.matches("textarea, input, select") && one.value && !field.value.includes(one.value)) {
        field.value = field.value && field.matches("textarea") ? `${field.value.trimEnd()}\n${one.value}` : one.value;
        changed(field);
        first = first || field;
      }
    });
    return first;
  };
  document.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-take]");
    if (!form || !document.querySelector(box.dataset.into)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const first = take(form);
    if (first) first.focus();
  }, true);

  document.addEventListener("keydown", (event) => {
    if (!event.altKey || event.ctrlKey || event.metaKey || event.isComposing) return;
    const button = event.code === "KeyM" ? document.querySelector("form[data-take] button") : null;
    if (event.code === "KeyL") {
      event.preventDefault();
      input.focus();
      input.select();
    } else if (button) {
      event.preventDefault();
      button.click();
    }
  });
})();
