// A kiosk: one visitor after another. Nothing of a visit stays, there is a keyboard on the screen, cards are read.
(() => {
  "use strict";

  // --- nobody there: ask, then end the visit
  const dialog = document.querySelector("[data-idle]");
  const end = document.querySelector("[data-end]");
  const left = dialog.querySelector("[data-idle-left]");
  // the first page is nobody's, and nobody touches the screen of a hall
  const isFirstPage = location.pathname === "/kiosk/" || location.pathname.startsWith("/kiosk/screen/");
  const ASK_SECONDS = 15;
  let quiet = 0;
  const stir = () => {
    quiet = 0;
    if (dialog.open) dialog.close();
  };
  ["pointerdown", "keydown", "input", "scroll"].forEach((name) => addEventListener(name, stir, { passive: true, capture: true }));
  dialog.querySelector("[data-idle-stay]").addEventListener("click", stir);
  setInterval(() => {
    if (isFirstPage) return;
    quiet += 1;
    const rest = Number(dialog.dataset.idle) - quiet;
    if (rest <= 0) {
      sessionStorage.clear();
      end.submit();
    } else if (rest <= ASK_SECONDS) {
      if (!dialog.open) dialog.showModal();
      left.textContent = String(rest);
    }
  }, 1000);
  // a page from the browser's memory is somebody else's
  addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });

  // --- a card reader types what is on the card, fast, and ends with Enter
  let burst = "";
  let last = 0;
  document.addEventListener("keydown", (event) => {
    const now = performance.now();
    if (now - last > 60) burst = "";
    last = now;
    if (event.key.length === 1) burst += event.key;
    if (event.key !== "Enter" || burst.length < 18) return;
    const number = burst.match(/[1-9]\d{16}[\dXx]/);
    if (!number) return;
    event.preventDefault();
    const name = burst.match(/[\u4e00-\u9fff·]{2,20}/);
    const put = (field, value) => {
      if (!field || !value) return;
      field.value = value;
      field.dispatchEvent(new Event("input", { bubbles: true }));
    };
    put(document.querySelector("input[name$='__number'], input[name=id_no], input[name=id_number]"), number[0].toUpperCase());
    put(document.querySelector("input[autocomplete=name]"), name && name[0]);
    const wrote = document.activeElement;
    if (wrote && "value" in wrote && wrote.value.includes(burst)) wrote.value = wrote.value.replace(burst, "");
    burst = "";
  }, true);

  // --- the keyboard on the screen: digits, letters, and Chinese from pinyin
  const board = document.querySelector("[data-keyboard]");
  const toggle = document.querySelector("[data-keyboard-toggle]");
  const WORDS = board.dataset;
  let field = null;
  let typed = "";
  let isChinese = document.documentElement.lang !== "en";
  const isText = (one) => one && one.matches("textarea, input:not([type=radio], [type=checkbox], [type=file], [type=hidden])");
  document.addEventListener("focusin", (event) => {
    if (!isText(event.target)) return;
    field = event.target;
    typed = "";
    show();
  });
  const insert = (text) => {
    if (!field) return;
    field.setRangeText(text, field.selectionStart ?? field.value.length, field.selectionEnd ?? field.value.length, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.focus({ preventScroll: true });
  };
  const back = () => {
    if (typed) {
      typed = typed.slice(0, -1);
      look();
      return;
    }
    if (!field || !field.value) return;
    const at = field.selectionStart ?? field.value.length;
    if (at > 0) field.setRangeText("", at - 1, at, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const offered = document.createElement("div");
  offered.className = "kiosk-keyboard__offered";
  const look = async () => {
    offered.replaceChildren();
    if (!typed) return;
    const asked = typed;
    const spelt = document.createElement("span");
    spelt.textContent = typed;
    offered.append(spelt);
    const answer = await fetch(`${WORDS.keyboard}?typed=${encodeURIComponent(asked)}`);
    if (!answer.ok || asked !== typed) return;
    (await answer.json()).candidates.forEach((word) => offered.append(key(word, () => {
      typed = "";
      offered.replaceChildren();
      insert(word);
    })));
  };
  const key = (label, act, extra = "") => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = `kiosk-key ${extra}`;
    button.textContent = label;
    // the field keeps its focus and its caret
    button.addEventListener("pointerdown", (event) => event.preventDefault());
    button.addEventListener("click", act);
    return button;
  };
  const press = (letter) => {
    if (isChinese && /[a-z]/.test(letter)) {
      typed += letter;
      look();
    } else insert(letter);
  };
  const build = () => {
    board.replaceChildren(offered);
    ["1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm.@-"].forEach((letters) => {
      const row = document.createElement("div");
      row.className = "kiosk-keyboard__row";
      [...letters].forEach((letter) => row.append(key(letter, () => press(letter))));
      board.append(row);
    });
    const row = document.createElement("div");
    row.className = "kiosk-keyboard__row";
    row.append(
      key(isChinese ? WORDS.wordsChinese : WORDS.wordsLetters, () => { isChinese = !isChinese; typed = ""; look(); build(); }, "kiosk-key--wide"),
      key(WORDS.wordsSpace, () => insert(" "), "kiosk-key--wide"),
      key("X", () => insert("X")), key("，", () => insert("，")), key("。", () => insert("。")),
      key(WORDS.wordsEnter, () => { if (field && field.matches("textarea")) insert("\n"); }, "kiosk-key--wide"),
      key(WORDS.wordsDelete, back, "kiosk-key--wide"),
      key(WORDS.wordsClose, hide, "kiosk-key--wide"),
    );
    board.append(row);
  };
  const show = () => {
    if (!board.childElementCount) build();
    board.hidden = false;
    toggle.setAttribute("aria-expanded", "true");
    document.body.classList.add("has-keyboard");
    field?.scrollIntoView({ block: "center" });
  };
  const hide = () => {
    board.hidden = true;
    toggle.setAttribute("aria-expanded", "false");
    document.body.classList.remove("has-keyboard");
  };
  toggle.addEventListener("click", () => (board.hidden ? show() : hide()));
})();
