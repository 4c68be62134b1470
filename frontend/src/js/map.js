// [data-map="id"]: towns (a JSON block of that id) as circles over the shapes of countries; no tiles, no server.
import { circleMarker, geoJSON, map as createMap } from "leaflet/dist/leaflet-src.esm.js";
import { feature } from "topojson-client";
import world from "world-atlas/countries-110m.json";

const SMALLEST = 5;

// A country across the date line (Russia, Fiji) would be drawn around the world: its western part is moved east.
function unwrap(ring) {
  const crosses = ring.some(([longitude], at) => at > 0 && Math.abs(longitude - ring[at - 1][0]) > 180);
  return crosses ? ring.map(([longitude, latitude]) => [longitude < 0 ? longitude + 360 : longitude, latitude]) : ring;
}

function shapes() {
  const land = feature(world, world.objects.countries);
  for (const { geometry } of land.features) {
    if (geometry.type === "Polygon") geometry.coordinates = geometry.coordinates.map(unwrap);
    else geometry.coordinates = geometry.coordinates.map((polygon) => polygon.map(unwrap));
  }
  return land;
}

function popup({ city, country, count, url }) {
  const link = Object.assign(document.createElement("a"), { href: url, className: "link" });
  link.textContent = `${city || "—"}${country ? `, ${country}` : ""}: ${count}`;
  return link;
}

export function start(element) {
  const towns = JSON.parse(document.getElementById(element.dataset.map).textContent);
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const map = createMap(element, {
    attributionControl: false, maxZoom: 9, minZoom: 1, worldCopyJump: true,
    zoomAnimation: !calm, fadeAnimation: !calm, markerZoomAnimation: !calm,
  });
  map.setView([30, 10], 2); // before any shape: Leaflet draws into a view
  geoJSON(shapes(), { interactive: false, className: "map-land" }).addTo(map);
  const largest = element.clientWidth < 600 ? 14 : 24;
  const most = Math.max(1, ...towns.map((town) => town.count));
  const bounds = [];
  for (const town of towns) {
    const place = [town.latitude, town.longitude];
    bounds.push(place);
    const radius = SMALLEST + (largest - SMALLEST) * Math.sqrt(town.count / most);
    circleMarker(place, { radius, className: "map-town" }).bindPopup(() => popup(town)).addTo(map);
  }
  if (bounds.length) map.fitBounds(bounds, { padding: [30, 30], maxZoom: 7, animate: false });
  element.dataset.ready = String(towns.length);
}
