// The map, drawn only when asked for: its script and styles are loaded after a tap. The list below says the same.
(() => {
  "use strict";
  const place = document.getElementById("map");
  const start = document.querySelector("[data-map-start]");
  if (!place || !start) return;
  const told = place.dataset;
  const said = document.querySelector("[data-map-said]");
  start.hidden = false;
  const element = (name, more) => Object.assign(document.createElement(name), more);
  const load = (one) => new Promise((done, failed) => {
    one.onload = done;
    one.onerror = failed;
    document.head.append(one);
  });
  const json = (url) => fetch(url).then((answer) => (answer.ok ? answer.json() : Promise.reject(new Error(url))));
  const down = () => {
    place.hidden = true;
    said.textContent = told.down;
  };
  start.querySelector("button").addEventListener("click", async () => {
    said.textContent = "…";
    try {
      await Promise.all([
        load(element("link", { rel: "stylesheet", href: told.style })),
        load(element("link", { rel: "stylesheet", href: told.ownStyle })),
        load(element("script", { src: told.script })),
      ]);
      place.hidden = false;
      await draw();
      start.hidden = true;
      said.textContent = "";
    } catch (_error) {
      down();
    }
  });

  const draw = async () => {
    const L = window.L;
    const map = L.map(place, { center: [told.lat, told.lng], zoom: Number(told.zoom), minZoom: 3, maxZoom: 18, zoomControl: false, attributionControl: Boolean(told.source) });
    L.control.zoom({ zoomInTitle: told.closer, zoomOutTitle: told.farther }).addTo(map);
    if (map.attributionControl) map.attributionControl.setPrefix(false);
    if (told.tiles) {
      L.tileLayer(told.tiles, { attribution: told.source, maxZoom: 18 }).addTo(map);
    } else {
      const areas = await Promise.all([told.china, told.province].filter(Boolean).map(json));
      areas.forEach((area, at) => L.geoJSON(area, {
        interactive: at === 1,
        style: () => ({ className: at ? "map-county" : "map-province", weight: at ? 1 : 1.5 }),
        onEachFeature: (feature, layer) => { if (at && feature.properties.name) layer.bindTooltip(feature.properties.name, { sticky: true }); },
      }).addTo(map));
    }
    const marks = L.layerGroup().addTo(map);
    const kept = new Map();
    let turn = 0;
    const show = async () => {
      const mine = (turn += 1);
      const zoom = Math.min(13, Math.max(3, Math.round(map.getZoom()) - 1));
      const size = 256;
      const bounds = map.getPixelBounds();
      const scale = 2 ** (map.getZoom() - zoom);
      const [left, top] = [bounds.min.x, bounds.min.y].map((one) => Math.floor(one / scale / size));
      const [right, bottom] = [bounds.max.x, bounds.max.y].map((one) => Math.floor(one / scale / size));
      const wanted = [];
      for (let x = left; x <= right; x += 1) for (let y = top; y <= bottom; y += 1) wanted.push(`${zoom}/${x}/${y}`);
      const parts = await Promise.all(wanted.filter((one) => !/-/.test(one)).slice(0, 24).map((one) => {
        if (!kept.has(one)) kept.set(one, json(told.points.replace("{z}/{x}/{y}", one)).catch(() => ({ places: [], groups: [] })));
        return kept.get(one);
      }));
      if (mine !== turn) return;
      marks.clearLayers();
      parts.forEach((part) => {
        part.groups.forEach(([lng, lat, count]) => {
          const title = told.count.replace("{n}", String(count));
          const icon = L.divIcon({ className: "map-group", html: element("span", { textContent: String(count) }), iconSize: [44, 44] });
          L.marker([lat, lng], { icon, title, alt: title }).on("click", () => map.setView([lat, lng], map.getZoom() + 2)).addTo(marks);
        });
        part.places.forEach((one) => {
          const box = element("div");
          box.append(element("a", { href: one.url, textContent: one.name }), element("br"), one.kind);
          const icon = L.divIcon({ className: "map-point", iconSize: [24, 24] });
          L.marker([one.lat, one.lng], { icon, title: one.name, alt: one.name }).bindPopup(box).addTo(marks);
        });
      });
    };
    map.on("moveend", show);
    await show();
    place.dataset.drawn = "1";
  };
})();
