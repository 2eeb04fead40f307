// Names beside marks, as on a map: the important first, each only where it covers no other.

/** Marks in the order in which they deserve a name; what papers are about comes before papers. */
const byImportance = marks
  .map((mark) => mark.id)
  .sort((a, b) => weightOf(b) - weightOf(a) || a - b);
function weightOf(node) {
  const paper = facts.types[facts.nodes[node].t].label === "Paper";
  return Math.sqrt(facts.nodes[node].d) * (paper ? 0.55 : 1);
}

const FACE = 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", sans-serif';
const widths = new Map();

function widthOf(context, font, text) {
  const key = font + text;
  if (!widths.has(key)) widths.set(key, context.measureText(text).width);
  return widths.get(key);
}

/** So many of the most important names may cover small marks rather than be missing. */
const FORCED = 16;

/** Rectangles already taken, in a coarse grid so that asking stays cheap. */
class Occupied {
  constructor() {
    this.cells = new Map();
  }
  *keys([left, top, right, bottom]) {
    for (let x = Math.floor(left / 64); x <= Math.floor(right / 64); x++)
      for (let y = Math.floor(top / 64); y <= Math.floor(bottom / 64); y++) yield x * 10007 + y;
  }
  /** How much of the box is taken, in square pixels. */
  covers(box) {
    const seen = new Set();
    for (const key of this.keys(box)) for (const other of this.cells.get(key) || []) seen.add(other);
    let area = 0;
    for (const other of seen)
      area +=
        Math.max(Math.min(box[2], other[2]) - Math.max(box[0], other[0]), 0) *
        Math.max(Math.min(box[3], other[3]) - Math.max(box[1], other[1]), 0);
    return area;
  }
  hits(box) {
    for (const key of this.keys(box))
      for (const other of this.cells.get(key) || [])
        if (box[0] < other[2] && box[2] > other[0] && box[1] < other[3] && box[3] > other[1]) return true;
    return false;
  }
  add(box) {
    for (const key of this.keys(box)) {
      if (!this.cells.has(key)) this.cells.set(key, []);
      this.cells.get(key).push(box);
    }
  }
}

function drawLabels(context) {
  const scale = network.getScale();
  const ratio = context.canvas.width / context.canvas.clientWidth;
  const middle = network.getViewPosition();
  const [width, height] = [stage.clientWidth, stage.clientHeight];
  const bright = brightNodes();
  const wanted = bright || byImportance;
  const first = [focus.hovered, focus.node].filter((node) => node !== null);
  const budget = bright ? 70 : Math.round((width * height) / 14000);
  const taken = new Occupied();
  const names = new Occupied();
  const spots = [];
  for (const node of new Set([...first, ...wanted])) {
    if (!isShown(node)) continue;
    const { x, y } = network.getPosition(node);
    const spot = { node, x: (x - middle.x) * scale + width / 2, y: (y - middle.y) * scale + height / 2, r: marks[node].size * scale };
    if (spot.x > -40 && spot.x < width + 40 && spot.y > -20 && spot.y < height + 20) spots.push(spot);
  }
  // No name runs across a mark big enough to be looked at.
  for (const { x, y, r } of spots) if (r > 5) taken.add([x - r * 0.8, y - r * 0.8, x + r * 0.8, y + r * 0.8]);
  context.save();
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.textBaseline = "middle";
  context.lineJoin = "round";
  context.lineWidth = 3.5;
  context.strokeStyle = cssColour("--ground");
  const ink = cssColour("--ink");
  const soft = cssColour("--soft");
  let drawn = 0;
  for (const spot of spots) {
    const { node, x, y, r } = spot;
    const chosen = first.includes(node);
    if (!chosen && (drawn >= budget || (!bright && r < 3))) continue;
    const paper = facts.types[facts.nodes[node].t].label === "Paper";
    const size = Math.round(Math.min(11 + Math.max(r - 5, 0) * 0.22, 16));
    const font = `${chosen ? 650 : paper ? 400 : 560} ${chosen ? Math.max(size, 13) : size}px ${FACE}`;
    const text = node === focus.hovered && facts.nodes[node].name.length < 90 ? facts.nodes[node].name : facts.nodes[node].short;
    context.font = font;
    const half = widthOf(context, font, text) / 2 + 2;
    const tall = size * 0.62;
    const places = [
      [x, y + r + tall + 3],
      [x, y - r - tall - 3],
      [x + r + half + 3, y],
      [x - r - half - 3, y],
    ];
    const box = ([cx, cy]) => [cx - half, cy - tall, cx + half, cy + tall];
    const place =
      places.find((spot) => !taken.hits(box(spot)) && !names.hits(box(spot))) ||
      (drawn < FORCED && !paper ? places.filter((spot) => !names.hits(box(spot))).sort((a, b) => taken.covers(box(a)) - taken.covers(box(b)))[0] : null) ||
      (chosen ? places[0] : null);
    if (!place) continue;
    const [cx, cy] = place;
    names.add(box(place));
    context.textAlign = "center";
    context.strokeText(text, cx, cy);
    context.fillStyle = paper && !chosen ? soft : ink;
    context.fillText(text, cx, cy);
    drawn++;
  }
  context.restore();
  document.documentElement.dataset.labels = drawn;
}

network.on("beforeDrawing", drawGround);
network.on("afterDrawing", (context) => {
  drawFocus(context);
  drawLabels(context);
});
