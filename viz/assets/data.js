// The page's data, read once, and the small tools every part uses.

const read = (id) => JSON.parse(document.getElementById(id).textContent);
const marks = read("nodes");
const lines = read("edges");
const facts = read("facts");
const options = read("options");

/** Edges that touch each node, as edge numbers. */
const touching = facts.nodes.map(() => []);
facts.edges.forEach((edge, i) => {
  touching[edge.s].push(i);
  if (edge.o !== edge.s) touching[edge.o].push(i);
});

const otherEnd = (edge, node) => (edge.s === node ? edge.o : edge.s);

/** Make an element; text only ever becomes text content. */
function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
  return element;
}

/** Foreign text, kept from reordering what stands around it. */
const foreign = (text) => make("bdi", {}, text);

function button(className, action, ...children) {
  const element = make("button", { type: "button", class: className }, ...children);
  element.addEventListener("click", action);
  return element;
}

const scheme = window.matchMedia("(prefers-color-scheme: dark)");
let printing = false;
const dark = () => scheme.matches && !printing;
const colourOf = (type) => (dark() ? type.dark : type.light);
const cssColour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** Outlines as vis-network draws them, for a mark of radius 1 around (0, 0). */
const OUTLINES = {
  square: [[-1, -1], [1, -1], [1, 1], [-1, 1]],
  diamond: [[0, 1], [1, 0], [0, -1], [-1, 0]],
  triangle: ([0, 1, 2].map((k) => [1.15 * Math.sin((k * 2 * Math.PI) / 3), 0.275 - 1.15 * Math.cos((k * 2 * Math.PI) / 3)])),
  triangleDown: ([0, 1, 2].map((k) => [1.15 * Math.sin((k * 2 * Math.PI) / 3), 1.15 * Math.cos((k * 2 * Math.PI) / 3) - 0.275])),
  hexagon: ([0, 1, 2, 3, 4, 5].map((k) => [Math.cos((k * Math.PI) / 3), Math.sin((k * Math.PI) / 3)])),
  star: ([0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map((k) => {
    const reach = 0.82 * (k % 2 === 0 ? 1.3 : 0.5);
    return [reach * Math.sin((k * Math.PI) / 5), 0.1 - reach * Math.cos((k * Math.PI) / 5)];
  })),
};

/** A type's mark as a small inline drawing. */
function glyph(type) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("viewBox", "-1.2 -1.2 2.4 2.4");
  svg.setAttribute("class", "glyph");
  svg.setAttribute("aria-hidden", "true");
  const outline = OUTLINES[type.shape];
  const shape = document.createElementNS(space, outline ? "polygon" : "circle");
  if (outline) shape.setAttribute("points", outline.map((point) => point.join()).join(" "));
  else shape.setAttribute("r", "1");
  shape.setAttribute("fill", colourOf(type));
  shape.setAttribute("data-type", facts.types.indexOf(type));
  svg.append(shape);
  return svg;
}
