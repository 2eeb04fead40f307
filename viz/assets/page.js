// What happens on a click or a key. The selection stands in the address, so that Back and a shared link work.

const stateOf = (choice) =>
  choice === null ? "" : choice.node !== undefined ? `#${encodeURIComponent(facts.nodes[choice.node].id)}` : `#edge=${choice.edge}`;

/** Select a node or an edge, or nothing. */
function choose(choice) {
  const state = stateOf(choice);
  if (location.hash !== state) {
    try {
      history.pushState(null, "", location.href.split("#")[0] + state);
    } catch {
      // Inside a frame without an address of its own there is nothing to go back to.
    }
  }
  show(choice);
}

function show(choice, { still = false } = {}) {
  focus.node = choice && choice.node !== undefined ? choice.node : null;
  focus.edge = choice && choice.edge !== undefined ? choice.edge : null;
  if (focus.node !== null) {
    reveal(focus.node);
    nodePanel(focus.node);
    bringIntoView([focus.node], still);
  } else if (focus.edge !== null) {
    edgePanel(focus.edge);
    bringIntoView([facts.edges[focus.edge].s, facts.edges[focus.edge].o], still);
  } else hidePanel();
  network.redraw();
}

/** Move only if what was chosen is off the visible stage or too small to be seen. */
function bringIntoView(nodes, still) {
  const [right, bottom] = covered();
  const inside = nodes.every((node) => {
    const { x, y } = network.canvasToDOM(network.getPosition(node));
    return x > 30 && y > 30 && x < stage.clientWidth - right - 30 && y < stage.clientHeight - bottom - 30;
  });
  if (inside && network.getScale() > 0.55) return;
  look(nodes.length === 1 ? [nodes[0], ...neighboursOf(nodes[0])] : nodes, { still });
}

function fromAddress() {
  let state = "";
  try {
    state = decodeURIComponent(location.hash.slice(1));
  } catch {
    return null;
  }
  const edge = /^edge=(\d+)$/.exec(state);
  if (edge && facts.edges[edge[1]]) return { edge: Number(edge[1]) };
  const node = facts.nodes.findIndex((item) => item.id === state);
  return node >= 0 ? { node } : null;
}

window.addEventListener("popstate", () => show(fromAddress()));

network.on("click", ({ nodes, edges }) => {
  if (nodes.length) choose({ node: nodes[0] });
  else if (edges.length) choose({ edge: edges[0] });
  else if (focus.node !== null || focus.edge !== null) choose(null);
});
network.on("doubleClick", ({ nodes }) => {
  if (nodes.length) look([nodes[0], ...neighboursOf(nodes[0])]);
});
const hover = (part, value) => {
  focus[part] = value;
  stage.style.cursor = focus.hovered === null && focus.hoveredEdge === null ? "" : "pointer";
  network.redraw();
};
network.on("hoverNode", ({ node }) => hover("hovered", node));
network.on("blurNode", () => hover("hovered", null));
network.on("hoverEdge", ({ edge }) => hover("hoveredEdge", edge));
network.on("blurEdge", () => hover("hoveredEdge", null));

function zoomBy(factor) {
  const [right, bottom] = covered();
  const centre = network.DOMtoCanvas({ x: (stage.clientWidth - right) / 2, y: (stage.clientHeight - bottom) / 2 });
  network.moveTo({
    position: centre,
    scale: Math.min(Math.max(network.getScale() * factor, 0.03), 6),
    offset: { x: -right / 2, y: -bottom / 2 },
    animation: calm.matches ? false : { duration: 180, easingFunction: "easeOutQuad" },
  });
}
function moveBy(dx, dy) {
  const { x, y } = network.getViewPosition();
  network.moveTo({ position: { x: x + dx / network.getScale(), y: y + dy / network.getScale() } });
}
const moves = { ArrowLeft: [-80, 0], ArrowRight: [80, 0], ArrowUp: [0, -80], ArrowDown: [0, 80] };
stage.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (moves[event.key]) moveBy(...moves[event.key]);
  else if (event.key === "+" || event.key === "=") zoomBy(1.25);
  else if (event.key === "-") zoomBy(0.8);
  else return;
  event.preventDefault();
});
const zooms = { in: () => zoomBy(1.4), out: () => zoomBy(1 / 1.4), fit: () => look(null) };
document.getElementById("zoom").addEventListener("click", (event) => {
  const action = zooms[event.target.dataset.zoom];
  if (action) action();
});

document.addEventListener("keydown", (event) => {
  if (event.target === searchBox || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "/") searchBox.focus();
  else if (event.key === "Escape") choose(null);
  else if (event.key === "0") look(null);
  else return;
  event.preventDefault();
});

scheme.addEventListener("change", applyTheme);
window.addEventListener("beforeprint", () => { printing = true; applyTheme(); network.redraw(); });
window.addEventListener("afterprint", () => { printing = false; applyTheme(); });
let settled = null;
new ResizeObserver(() => {
  // A new window size keeps the whole picture in view, unless someone has already looked closer.
  if (settled && network.getScale() === settled) look(null, { still: true });
  settled = network.getScale();
}).observe(stage);

filtersChanged();
look(null, { still: true });
settled = network.getScale();
const start = fromAddress() || (facts.around !== null ? { node: facts.around } : null);
if (start) show(start, { still: true });
if (!marks.length) stage.append(make("p", { class: "message" }, "There is nothing to draw: no node fits what was asked for."));
window.citegraph = { network, choose, facts, hidden: (node) => nodeSet.get(node).hidden === true, drawn: performance.now() };
