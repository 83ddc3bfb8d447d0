// Files handed in: drop them, photograph them page by page, see what was chosen and how far it is. The field works
// without this as a plain file field.
(() => {
  "use strict";
  const PAGE_SIDE = 2480;
  const SMALL_BYTES = 1500000;
  const PHOTOS = /^image\/(jpeg|png|webp|gif)$/;
  const part = (box, name) => box.querySelector(`[data-upload-${name}]`);
  const size = (bytes) => bytes < 1048576 ? `${Math.max(1, Math.round(bytes / 1024))} KB` : `${(bytes / 1048576).toFixed(1)} MB`;

  const say = (box, words, isWrong) => {
    const line = part(box, "words");
    line.textContent = words;
    line.classList.toggle("is-wrong", Boolean(isWrong));
  };
  const isHeic = (file) => /\.hei[cf]$/i.test(file.name) || /hei[cf]/.test(file.type);
  const wrong = (box, files) => {
    const total = files.reduce((sum, file) => sum + file.size, 0);
    if (files.some(isHeic)) return box.dataset.heic;
    if (files.length > 1 && !files.every((file) => PHOTOS.test(file.type))) return box.dataset.notPhotos;
    if (files.length > Number(box.dataset.mostPhotos)) return box.dataset.tooMany;
    return total > Number(box.dataset.mostBytes) ? box.dataset.tooLarge : "";
  };

  // --- the chosen files live in the field itself; the list only shows them
  const chosen = (box) => [...part(box, "input").files];
  const choose = (box, files) => {
    const held = new DataTransfer();
    files.forEach((file) => held.items.add(file));
    part(box, "input").files = held.files;
    show(box);
  };
  const show = (box) => {
    const files = chosen(box);
    const list = part(box, "list");
    list.querySelectorAll("img").forEach((image) => URL.revokeObjectURL(image.src));
    list.replaceChildren(...files.map((file, at) => row(box, file, at)));
    list.hidden = !files.length;
    const more = box.querySelector("[data-more]");
    if (files.length && PHOTOS.test(files[0].type)) more.textContent = more.dataset.more;
    const fault = wrong(box, files);
    say(box, fault || (files.length > 1 ? box.dataset.pages.replace("{n}", files.length) : ""), fault);
  };
  const row = (box, file, at) => {
    const line = part(box, "row").content.cloneNode(true).firstElementChild;
    line.querySelector(".file-drop__name").textContent = file.name;
    line.querySelector(".file-drop__size").textContent = size(file.size);
    if (PHOTOS.test(file.type)) {
      const image = new Image();
      image.alt = "";
      image.src = URL.createObjectURL(file);
      line.querySelector(".file-drop__thumb").replaceChildren(image);
    }
    line.querySelector("[data-off]").addEventListener("click", () => choose(box, chosen(box).filter((_, n) => n !== at)));
    line.querySelector("[data-up]").addEventListener("click", () => {
      const files = chosen(box);
      files.splice(at - 1, 0, ...files.splice(at, 1));
      choose(box, files);
    });
    return line;
  };

  // --- phones take pictures of ten megabytes; a page to read needs less
  const smaller = async (file) => {
    if (!PHOTOS.test(file.type) || file.type === "image/gif" || !window.createImageBitmap) return file;
    try {
      const picture = await createImageBitmap(file);
      const scale = Math.min(1, PAGE_SIDE / Math.max(picture.width, picture.height));
      if (scale === 1 && file.size < SMALL_BYTES) return file;
      const canvas = document.createElement("canvas");
      canvas.width = Math.round(picture.width * scale);
      canvas.height = Math.round(picture.height * scale);
      canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
      picture.close();
      const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.85));
      if (!blob || blob.size >= file.size) return file;
      return new File([blob], file.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg" });
    } catch {
      return file; // the server says what is wrong with it
    }
  };
  const add = async (box, files, isAddition) => {
    const all = [...(isAddition ? chosen(box) : []), ...files];
    const total = all.reduce((sum, file) => sum + file.size, 0);
    const tooMuch = all.length > 1 || total > Number(box.dataset.mostBytes);
    if (tooMuch && all.every((file) => PHOTOS.test(file.type))) {
      // one after the other: ten decoded photos at once are more memory than an old phone has
      for (let n = 0; n < all.length; n += 1) all[n] = await smaller(all[n]);
    }
    choose(box, all);
  };

  const boxOf = (event) => event.target.closest?.("[data-upload]");
  document.addEventListener("change", (event) => {
    const box = boxOf(event);
    if (!box) return;
    if (event.target.matches("[data-upload-input]")) add(box, chosen(box), false);
    if (event.target.matches("[data-upload-camera]")) {
      const taken = [...event.target.files];
      event.target.value = "";
      const isPile = chosen(box).every((file) => PHOTOS.test(file.type));
      // two shots of a camera may have one name and one second
      const named = taken.map((file, n) => new File([file], `${chosen(box).length + n + 1}.jpg`, { type: file.type }));
      add(box, named, isPile);
    }
  });
  for (const name of ["dragenter", "dragover", "dragleave", "drop"]) {
    document.addEventListener(name, (event) => {
      const box = boxOf(event);
      if (!box || !event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      box.classList.toggle("is-over", name === "dragenter" || name === "dragover");
      if (name === "drop") add(box, [...event.dataTransfer.files], false);
    });
  }

  // --- sending, with progress: the same request as without this, and the same page comes back
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.dataset.uploading) event.preventDefault();
    if (event.defaultPrevented || form.hasAttribute("hx-post")) return;
    const boxes = [...form.querySelectorAll("[data-upload]")].filter((box) => chosen(box).length);
    if (!boxes.length || event.submitter?.hasAttribute("formnovalidate")) return;
    event.preventDefault();
    const faulty = boxes.find((box) => wrong(box, chosen(box)));
    if (faulty) {
      free(form);
      say(faulty, wrong(faulty, chosen(faulty)), true);
      part(faulty, "input").focus();
      return;
    }
    const data = new FormData(form);
    if (event.submitter?.name) data.append(event.submitter.name, event.submitter.value);
    form.dataset.uploading = "1";
    send(form, boxes[0], data);
  });
  const free = (form) => setTimeout(() => {
    delete form.dataset.sent;
    form.querySelectorAll(".is-busy").forEach((button) => button.classList.remove("is-busy"));
  }, 0);
  const send = (form, box, data) => {
    const request = new XMLHttpRequest();
    const bar = part(box, "bar");
    const fail = (words) => {
      bar.hidden = true;
      delete form.dataset.uploading;
      say(box, words, true);
      free(form);
    };
    bar.hidden = false;
    request.upload.addEventListener("progress", (event) => {
      const done = event.lengthComputable ? Math.floor(100 * event.loaded / event.total) : 0;
      bar.value = done;
      say(box, done < 100 ? box.dataset.sending.replace("{n}", `${done}%`) : box.dataset.checking);
    });
    request.addEventListener("error", () => fail(box.dataset.failed));
    request.addEventListener("load", () => {
      if (request.status === 413) return fail(box.dataset.tooLarge);
      const isPage = (request.getResponseHeader("Content-Type") || "").startsWith("text/html");
      return isPage ? turn(request) : fail(box.dataset.failed);
    });
    request.open("POST", form.getAttribute("action") || location.href);
    request.send(data);
  };
  // the page that came back takes this one's place, address and all
  const turn = (request) => {
    if (request.responseURL !== location.href) history.pushState(null, "", request.responseURL);
    document.open();
    document.write(request.responseText);
    document.close();
  };
  // going back from it changes the address alone, so the page of that address is loaded
  const page = () => location.pathname + location.search;
  const here = page();
  addEventListener("popstate", (event) => {
    if (page() !== here && !event.state?.htmx) location.reload();
  });
})();
