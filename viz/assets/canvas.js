// The drawing: vis-network draws marks and lines, this file what is selected or hovered, and where to look.

const stage = document.getElementById("network");
const nodeSet = new vis.DataSet(marks);
const edgeSet = new vis.DataSet(lines);
const groups = () =>
  Object.fromEntries(
    facts.types.map((type) => [
      type.label,
      { shape: type.shape, color: { background: colourOf(type), border: cssColour("--ground"), hover: { background: colourOf(type), border: cssColour("--ink") } } },
    ]),
  );
const themed = () => ({ groups: groups(), edges: { color: { color: cssColour("--edge"), hover: cssColour("--soft"), opacity: 0.8 } } });
const network = new vis.Network(
  stage,
  { nodes: nodeSet, edges: edgeSet },
  { ...options, groups: groups(), edges: { ...options.edges, ...themed().edges } },
);
// One stop for the keyboard, and it is ours: vis-network's own would take the focus whenever the mouse passes.
stage.querySelector(".vis-network").removeAttribute("tabindex");

/** What stands out now: `node` or `edge` selected, `hovered` under the pointer. */
const focus = { node: null, edge: null, hovered: null, hoveredEdge: null };
const hiddenTypes = new Set();
const hiddenRelations = new Set();
let derivedHidden = false;

const isShown = (node) => !hiddenTypes.has(facts.nodes[node].t);
const isEdgeShown = (i) => {
  const edge = facts.edges[i];
  return isShown(edge.s) && isShown(edge.o) && !hiddenRelations.has(edge.r) && !(derivedHidden && edge.inferred);
};

/** Tell vis-network which marks and lines the filters leave. */
function applyFilters() {
  nodeSet.update(marks.map((mark) => ({ id: mark.id, hidden: !isShown(mark.id) })));
  edgeSet.update(lines.map((line) => ({ id: line.id, hidden: !isEdgeShown(line.id) })));
}

/** Re-colour everything; only when the colour scheme changes. */
function applyTheme() {
  network.setOptions(themed());
  const byLabel = groups();
  nodeSet.update(marks.map((mark) => ({ id: mark.id, color: byLabel[mark.group].color })));
  document.querySelectorAll("[data-type]").forEach((shape) => {
    shape.setAttribute("fill", colourOf(facts.types[shape.dataset.type]));
  });
}

const neighboursOf = (node) =>
  touching[node].filter(isEdgeShown).map((i) => otherEnd(facts.edges[i], node));

/** The marks that stay bright while something is selected; null if nothing is. */
function brightNodes() {
  if (focus.node !== null) return [focus.node, ...new Set(neighboursOf(focus.node))];
  if (focus.edge !== null) return [facts.edges[focus.edge].s, facts.edges[focus.edge].o];
  return null;
}

function brightEdges() {
  if (focus.node !== null) return touching[focus.node].filter(isEdgeShown);
  if (focus.edge !== null) return [focus.edge];
  return [];
}

/** More arrowheads than this around one mark run together into a blot. */
const ARROWS = 30;

/** The control point of a line's curve, as vis-network computes it for `curvedCW`. */
function bend(from, to, roundness) {
  const dx = to.x - from.x;
  const dy = from.y - to.y;
  const reach = (0.5 * roundness + 0.5) * Math.hypot(dx, dy);
  const angle = Math.atan2(dy, dx) + (0.5 * roundness + 0.5) * Math.PI;
  return { x: from.x + reach * Math.sin(angle), y: from.y + reach * Math.cos(angle) };
}

function drawBrightEdge(context, i, scale, width, arrow = true) {
  const edge = facts.edges[i];
  const from = network.getPosition(edge.s);
  const to = network.getPosition(edge.o);
  const via = bend(from, to, (lines[i].smooth || options.edges.smooth).roundness);
  const paper = facts.types[facts.nodes[edge.o].t].label === "Paper";
  const tone = facts.types[facts.nodes[paper ? edge.s : edge.o].t];
  context.strokeStyle = context.fillStyle = colourOf(tone);
  context.lineWidth = width / scale;
  context.setLineDash(lines[i].dashes ? [4 / scale, 4 / scale] : []);
  context.beginPath();
  context.moveTo(from.x, from.y);
  context.quadraticCurveTo(via.x, via.y, to.x, to.y);
  context.stroke();
  context.setLineDash([]);
  if (!arrow) return;
  // An arrowhead where the curve meets the mark it leads to.
  const at = (t) => [
    (1 - t) ** 2 * from.x + 2 * (1 - t) * t * via.x + t * t * to.x,
    (1 - t) ** 2 * from.y + 2 * (1 - t) * t * via.y + t * t * to.y,
  ];
  const reach = marks[edge.o].size + 2 / scale;
  const away = (t) => Math.hypot(at(t)[0] - to.x, at(t)[1] - to.y);
  let t = 1;
  while (t > 0.5 && away(t) < reach) t -= 0.01;
  const [tx, ty] = at(t);
  while (t > 0 && Math.hypot(at(t)[0] - tx, at(t)[1] - ty) < 8 / scale) t -= 0.01;
  const [bx, by] = at(t);
  const [px, py] = [(ty - by) * 0.4, (bx - tx) * 0.4];
  context.beginPath();
  context.moveTo(tx, ty);
  context.lineTo(bx + px, by + py);
  context.lineTo(bx - px, by - py);
  context.fill();
}

function drawMark(context, node, scale, ring) {
  const { x, y } = network.getPosition(node);
  const type = facts.types[facts.nodes[node].t];
  const size = marks[node].size;
  const outline = OUTLINES[type.shape];
  context.beginPath();
  if (outline) {
    outline.forEach(([px, py], k) => context[k ? "lineTo" : "moveTo"](x + px * size, y + py * size));
    context.closePath();
  } else context.arc(x, y, size, 0, 2 * Math.PI);
  context.fillStyle = colourOf(type);
  context.fill();
  context.lineWidth = ring ? 2.5 / scale : 1.5;
  context.strokeStyle = cssColour(ring ? "--ink" : "--ground");
  context.stroke();
}

/** Everything but the selection fades under a veil; the selection is drawn again above it. */
function drawFocus(context) {
  const scale = network.getScale();
  const bright = brightNodes();
  if (bright) {
    context.globalAlpha = 0.86;
    drawGround(context);
    context.globalAlpha = 1;
    const edges = brightEdges();
    for (const i of edges) drawBrightEdge(context, i, scale, focus.edge === null ? 1.2 : 2.4, edges.length <= ARROWS);
    for (const node of bright.slice().reverse()) drawMark(context, node, scale, node === focus.node);
  }
  if (focus.hoveredEdge !== null && focus.hovered === null) drawBrightEdge(context, focus.hoveredEdge, scale, 2);
  if (focus.hovered !== null && focus.hovered !== focus.node) {
    if (!bright) {
      const around = touching[focus.hovered].filter(isEdgeShown);
      for (const i of around) drawBrightEdge(context, i, scale, 1.2, around.length <= ARROWS);
      for (const i of around) drawMark(context, otherEnd(facts.edges[i], focus.hovered), scale, false);
    }
    drawMark(context, focus.hovered, scale, true);
  }
}

const panelElement = document.getElementById("panel");

/** Fill the ground, so that what is drawn has something to fade into (and prints). */
function drawGround(context) {
  context.save();
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.fillStyle = cssColour("--ground");
  context.fillRect(0, 0, context.canvas.width, context.canvas.height);
  context.restore();
}

/** How much of the stage the panel covers: [right, bottom] in pixels. */
function covered() {
  if (panelElement.hidden) return [0, 0];
  const wide = panelElement.offsetWidth + 28;
  return wide > stage.clientWidth * 0.8 ? [0, panelElement.offsetHeight + 16] : [wide, 0];
}

/** Look at these marks (all that are shown, if none are named), beside the panel if it is open. */
function look(nodes, { closest = 1.5, still = false } = {}) {
  const shown = (nodes || marks.map((mark) => mark.id)).filter(isShown);
  if (!shown.length) return;
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const node of shown) {
    const { x, y } = network.getPosition(node);
    const size = marks[node].size;
    left = Math.min(left, x - size);
    right = Math.max(right, x + size);
    top = Math.min(top, y - size);
    bottom = Math.max(bottom, y + size);
  }
  const [coveredRight, coveredBottom] = covered();
  // The corners of the picture are mostly empty: the legend there needs only part of its width kept free.
  const coveredLeft = stage.clientWidth > 760 ? document.getElementById("legend").offsetWidth * 0.6 : 0;
  const width = Math.max(stage.clientWidth - coveredLeft - coveredRight - 70, 80);
  const height = Math.max(stage.clientHeight - coveredBottom - 56, 80);
  const scale = Math.min(width / (right - left), height / (bottom - top), closest);
  network.moveTo({
    position: { x: (left + right) / 2, y: (top + bottom) / 2 },
    scale,
    offset: { x: (coveredLeft - coveredRight) / 2, y: -coveredBottom / 2 },
    animation: still || calm.matches ? false : { duration: 420, easingFunction: "easeInOutQuad" },
  });
}
const calm = window.matchMedia("(prefers-reduced-motion: reduce)");
