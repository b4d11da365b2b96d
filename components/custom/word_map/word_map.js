// Words as points on a map that can be moved, enlarged, searched with the pointer, lassoed, and played back.
// Points lie on a canvas; labels are text above it, as many as find room, the first words first. Points of three
// dimensions are turned first, and from there on drawn as a map of two. Legend, map and player together have one
// height, so that nothing below them moves when one of them comes or goes.
const EDGE = 26; // pixels kept free around the points when all of them are shown
const REACH = 14; // pixels from a point at which it is taken as meant
const PLAY_SECONDS = 7;
const STILL = matchMedia("(prefers-reduced-motion: reduce)"); // then a map steps from snapshot to snapshot
const SEEN_FROM = { yaw: 0.6, pitch: 0.45 }; // radians, before the reader turns a map of three dimensions
const TURN = 150; // pixels that turn it by one radian
const SIGNS = { circle: "●", diamond: "◆", square: "■", "triangle-up": "▲", cross: "✚" };
const FAINT = "rgba(125,135,148,.28)";
const LEADER = "rgba(125,135,148,.7)";
const LINKS = [["#1f9e89", []], ["#e0662b", [6, 4]], ["#7d8794", [2, 4]]]; // kept, missed, made up
const AWAY = [14, 26], MAX_LED = 60; // pixels to a label that a line leads to; words of a map that has such labels
const PLACES = [[1, 0], [-1, 0], [0, -1], [0, 1], [1, -1], [-1, -1], [1, 1], [-1, 1]];

export default function ({ data, parentElement, setStateValue, setTriggerValue }) {
  const root = parentElement.querySelector(".root");
  const map = (root.wordMap ??= new WordMap(root));
  map.onClick = (index) => setTriggerValue("clicked", index);
  map.onSelect = (selected) => setStateValue("selected", selected);
  map.show(JSON.parse(new TextDecoder().decode(data)));
  return () => setTimeout(() => root.isConnected || map.stop());
}

class WordMap {
  constructor(root) {
    this.root = root;
    this.legend = part("div", "legend", root);
    this.frame = part("div", "word-map", root);
    this.canvas = part("canvas", "", this.frame);
    this.canvas.tabIndex = 0;
    this.canvas.setAttribute("role", "img");
    this.labels = part("div", "labels", this.frame);
    this.titles = ["across", "upwards", "inwards"].map((name) => part("div", `title ${name}`, this.frame));
    this.tip = part("div", "tip", this.frame);
    this.frame.wordMap = this;
    this.view = { zoom: 1, x: 0, y: 0 }; // enlargement, and how far the middle was moved, in shares of the map
    this.pointers = new Map();
    this.addTools();
    this.addPlayer();
    this.listen();
    new ResizeObserver(() => this.canvas.clientWidth && this.resize()).observe(this.canvas);
  }

  show(data) {
    const other = this.data?.id !== data.id, before = this.points;
    const finished = data.frames && !this.data?.frames; // the player arrives, and stands at its end
    this.data = data;
    this.solid = data.xyz ? places(data.xyz) : null;
    if (other || !this.turn) this.turn = { ...SEEN_FROM };
    this.points = this.solid ? this.turned() : places(data.xy);
    this.kinds = bytes(data.style_index);
    this.frames = data.frames ? data.frames.xy.map(places) : [];
    this.frames.push(this.points);
    this.density = data.density ? picture(data.density) : null;
    this.canvas.setAttribute("aria-label", data.alt);
    this.fitHeight();
    this.lassoButton.hidden = !data.lasso;
    this.titles.forEach((title, number) => {
      title.textContent = data.axes?.[number] ?? "";
      title.style.cssText = "";
      title.classList.toggle("free", this.solid !== null);
    });
    this.showLegend();
    if (other) {
      this.at = this.frames.length - 1;
      this.view = { zoom: 1, x: 0, y: 0 };
      this.gliding = null;
      this.halt();
    }
    this.at = finished || !data.frames ? this.frames.length - 1 : Math.min(this.at, this.frames.length - 1);
    this.player.hidden = this.frames.length < 3;
    this.slider.max = this.frames.length - 1;
    this.drawLoss();
    this.resize();
    if (data.in_progress && !other && !STILL.matches && before?.length === this.points.length) this.glide(before);
  }

  // ---- where things are

  fitHeight() { // on a narrow screen about as high as it is wide
    this.root.style.height = `${Math.min(this.data.height, Math.max(380, 0.95 * (this.root.clientWidth || 1e4)))}px`;
  }

  showLegend() {
    const named = (this.data.legend ?? []).map(([name, colour, symbol]) => {
      const entry = part("span", "", null), sign = part("span", "", entry, SIGNS[symbol]);
      sign.style.color = colour;
      entry.append(` ${name}`);
      return entry;
    });
    this.legend.hidden = !this.data.legend;
    this.legend.replaceChildren(...named);
  }

  // ---- three dimensions

  turned() { // the points as they are seen: right and up in shares of the map, and how deep each lies
    const [sideways, tilted] = [this.turn.yaw, this.turn.pitch];
    const seen = (x, y, z) => {
      const across = x * Math.cos(sideways) + y * Math.sin(sideways), into = y * Math.cos(sideways) - x * Math.sin(sideways);
      return [across, z * Math.cos(tilted) + into * Math.sin(tilted), into * Math.cos(tilted) - z * Math.sin(tilted)];
    };
    const count = this.solid.length / 3, flat = new Float32Array(2 * count), low = [1, 1, 1], high = [0, 0, 0];
    this.depth = new Float32Array(count);
    for (let i = 0; i < count; i++) {
      const place = this.solid.subarray(3 * i, 3 * i + 3);
      const [across, up, into] = seen(...place.map((share) => share - 0.5));
      flat[2 * i] = across + 0.5;
      flat[2 * i + 1] = up + 0.5;
      this.depth[i] = into;
      place.forEach((share, axis) => { low[axis] = Math.min(low[axis], share); high[axis] = Math.max(high[axis], share); });
    }
    const half = low.map((share, axis) => (high[axis] - share) / 2), middle = low.map((share, axis) => share + half[axis] - 0.5);
    this.reach = 0; // from the middle to the point that is farthest from it, whichever way the map is turned
    for (let i = 0; i < this.solid.length; i += 3) {
      this.reach = Math.max(this.reach, Math.hypot(...middle.map((share, axis) => this.solid[i + axis] - 0.5 - share)));
    }
    this.centre = seen(...middle).map((share) => share + 0.5);
    this.corner = (...signs) => seen(...signs.map((sign, axis) => middle[axis] + sign * half[axis])).map((share) => share + 0.5);
    return flat;
  }

  turnBy(dx, dy) {
    this.turn.yaw += dx / TURN;
    this.turn.pitch = Math.max(-Math.PI / 2, Math.min(Math.PI / 2, this.turn.pitch + dy / TURN));
    this.points = this.frames[this.frames.length - 1] = this.turned();
    this.draw();
  }

  edges() { // of the box: the axis along which each leads, and its two ends on the screen
    const found = [], signs = [-1, 1];
    for (const axis of [0, 1, 2]) {
      for (const first of signs) {
        for (const second of signs) {
          const ends = signs.map((end) => {
            const at = [first, second];
            at.splice(axis, 0, end);
            const [across, up] = this.corner(...at);
            return [this.toX(across), this.toY(up)];
          });
          found.push({ axis, ends });
        }
      }
    }
    return found;
  }

  // Of a map of three dimensions: the first two below the lowest edges, the third above the end of the leftmost one, all
  // inside the map and none on another. Gives the room that the titles of any map take, which labels leave free.
  placeTitles() {
    const taken = [];
    if (!this.data.axes) return taken;
    if (!this.solid) {
      const frame = this.frame.getBoundingClientRect();
      return this.titles.slice(0, 2).map((title) => {
        const { left, right, top, bottom } = title.getBoundingClientRect();
        const [across, down] = [frame.left, frame.top], scale = this.enlargement();
        const box = { left: left - across, right: right - across, top: top - down, bottom: bottom - down };
        return Object.fromEntries(Object.entries(box).map(([side, place]) => [side, place / scale]));
      });
    }
    this.titles.forEach((title, axis) => {
      const outer = axis === 2 ? leftwards : downwards, own = this.edges().filter((edge) => edge.axis === axis);
      const [a, b] = own.reduce((best, edge) => (outer(edge) > outer(best) ? edge : best)).ends;
      const [w, h] = [title.offsetWidth, title.offsetHeight];
      const [x, y] = axis === 2 ? [a[0], Math.min(a[1], b[1]) - h - 4] : [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2 + 8];
      const left = Math.max(2, Math.min(this.width - w - 2, x - w / 2));
      let top = Math.max(2, Math.min(this.height - h - 2, y));
      const covers = () => taken.some((o) => left < o.right && o.left < left + w && top < o.bottom && o.top < top + h);
      while (covers() && top < this.height - h - 4) top += 4;
      while (covers() && top > 2) top -= 4;
      taken.push({ left, top, right: left + w, bottom: top + h });
      title.style.transform = `translate(${left}px, ${top}px)`;
    });
    return taken;
  }

  resize() {
    const ratio = (window.devicePixelRatio || 1) * this.enlargement();
    if (this.data) this.fitHeight();
    this.width = this.canvas.clientWidth;
    this.height = this.canvas.clientHeight;
    if (!this.width) return;
    this.canvas.width = Math.round(this.width * ratio);
    this.canvas.height = Math.round(this.height * ratio);
    this.draw();
  }

  current() {
    const first = Math.floor(this.at), share = this.at - first;
    const a = this.frames[first], b = this.frames[Math.min(first + 1, this.frames.length - 1)];
    if (this.gliding) return mix(this.gliding.from, this.points, this.gliding.share);
    return share && !STILL.matches ? mix(a, b, share) : a;
  }

  project(points) {
    let [left, bottom, right, top] = [Infinity, Infinity, -Infinity, -Infinity];
    const box = this.data.density ? [0, 0, 1, 1] : null;
    for (let i = 0; i < points.length; i += 2) {
      left = Math.min(left, points[i]); right = Math.max(right, points[i]);
      bottom = Math.min(bottom, points[i + 1]); top = Math.max(top, points[i + 1]);
    }
    if (box) [left, bottom, right, top] = this.data.density.box;
    if (this.solid) {
      const [x, y] = this.centre, reach = this.reach;
      [left, bottom, right, top] = [x - reach, y - reach, x + reach, y + reach];
    }
    const side = this.data.labels && this.data.words.length < 2000 ? Math.min(44, this.width / 12) : 0;
    const across = Math.max(right - left, 1e-6), upwards = Math.max(top - bottom, 1e-6);
    const fit = Math.min((this.width - 2 * (EDGE + side)) / across, (this.height - 2 * EDGE) / upwards);
    const size = fit * this.view.zoom; // the same on both axes, so that no direction looks longer than it is
    const middleX = (left + right) / 2 + this.view.x, middleY = (bottom + top) / 2 + this.view.y;
    this.size = size;
    this.toX = (x) => this.width / 2 + (x - middleX) * size;
    this.toY = (y) => this.height / 2 - (y - middleY) * size;
    const screen = new Float32Array(points.length);
    for (let i = 0; i < points.length; i += 2) {
      screen[i] = this.toX(points[i]);
      screen[i + 1] = this.toY(points[i + 1]);
    }
    return screen;
  }

  enlargement() { // pixels of the window for one of the map: CSS's zoom, by which the projector's view enlarges it
    return this.canvas.getBoundingClientRect().width / this.canvas.clientWidth || 1;
  }

  placeOf(index) { // in the window's pixels
    const box = this.canvas.getBoundingClientRect(), scale = this.enlargement();
    return [box.left + scale * this.screen[2 * index], box.top + scale * this.screen[2 * index + 1]];
  }

  nearest(x, y) {
    let best = null, shortest = REACH ** 2;
    for (let i = 0; i < this.screen.length; i += 2) {
      const apart = (this.screen[i] - x) ** 2 + (this.screen[i + 1] - y) ** 2;
      if (apart < shortest) [best, shortest] = [i / 2, apart];
    }
    return best;
  }

  // ---- drawing

  draw() {
    if (!this.data || !this.width) return;
    this.screen = this.project(this.current());
    const ratio = this.canvas.width / this.width;
    const context = this.canvas.getContext("2d");
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, this.width, this.height);
    this.paint(new CanvasPen(context));
    this.paintLasso(context);
    this.titled = this.placeTitles();
    this.placed = this.placeLabels();
    this.paintLeaders(new CanvasPen(context));
    this.labels.replaceChildren(...this.placed.map((label) => this.labelElement(label)));
    this.canvas.style.touchAction = this.view.zoom > 1 || this.lassoing ? "none" : "pan-y";
    this.status();
  }

  paint(pen) {
    const { data, screen } = this;
    if (this.density) pen.image(this.density, this.toX(0), this.toY(1), this.size, this.size);
    if (data.axes && data.origin) {
      const [x, y] = [this.toX(data.origin[0]), this.toY(data.origin[1])];
      pen.line(x, 0, x, this.height, FAINT, []);
      pen.line(0, y, this.width, y, FAINT, []);
    }
    if (this.solid) this.edges().forEach(({ ends: [a, b] }) => pen.line(...a, ...b, FAINT, []));
    const r = data.radius, inView = (i) =>
      screen[i] > -9 && screen[i] < this.width + 9 && screen[i + 1] > -9 && screen[i + 1] < this.height + 9;
    if (this.solid) { // the nearer, the larger, and over those behind
      const order = [...this.depth.keys()].sort((a, b) => this.depth[b] - this.depth[a]);
      for (const i of order.filter((point) => inView(2 * point))) {
        const [colour, symbol] = data.marker_styles[this.kinds[i]];
        pen.mark(symbol, screen[2 * i], screen[2 * i + 1], r * (1 - 0.4 * this.depth[i] / this.reach), colour);
      }
    } else data.marker_styles.forEach(([colour, symbol], kind) => {
      for (let i = 0; i < this.kinds.length; i++) {
        if (this.kinds[i] === kind && inView(2 * i)) pen.mark(symbol, screen[2 * i], screen[2 * i + 1], r, colour);
      }
    });
    const ink = this.colour("--st-text-color"), paper = this.colour("--st-background-color");
    for (const [a, b, kind] of data.links) { // over the points, and on paper, so that they are seen on any colour
      const ends = [screen[2 * a], screen[2 * a + 1], screen[2 * b], screen[2 * b + 1]];
      pen.line(...ends, paper, [], 4);
      pen.line(...ends, ...LINKS[kind], 2);
    }
    for (const i of data.selected) pen.ring(screen[2 * i], screen[2 * i + 1], r + 3, ink, 1);
    if (data.chosen !== null) {
      const [colour, symbol] = data.marker_styles[this.kinds[data.chosen]];
      pen.mark(symbol, screen[2 * data.chosen], screen[2 * data.chosen + 1], r + 3, colour);
      pen.ring(screen[2 * data.chosen], screen[2 * data.chosen + 1], r + 5, ink, 2);
    }
  }

  paintLasso(context) {
    if (!this.lasso?.length) return;
    context.beginPath();
    this.lasso.forEach(([x, y]) => context.lineTo(x, y));
    context.strokeStyle = this.colour("--st-primary-color");
    context.setLineDash([4, 3]);
    context.stroke();
    context.setLineDash([]);
  }

  paintLeaders(pen) { // from points to labels that found room only further away
    for (const { x, y, left, top, right, bottom } of this.placed.filter((label) => label.led)) {
      pen.line(x, y, Math.max(left, Math.min(right, x)), Math.max(top, Math.min(bottom, y)), LEADER, []);
    }
  }

  // The first of eight places around each point where its label touches no other and, on a small map, no point. Of few
  // words, those that find none have a label further away.
  placeLabels() {
    const { data, screen, width, height } = this;
    const pen = (this.pen ??= document.createElement("canvas").getContext("2d"));
    const family = getComputedStyle(this.root).fontFamily;
    const most = Math.round((width * height) / (this.moving ? 9000 : 4500));
    const first = [...new Set([data.chosen, ...data.first, ...data.selected, ...data.links.map((link) => link[1])])].filter((i) => i !== null);
    const placed = [], at = data.chosen, ring = data.radius + 6;
    const kept = at === null ? [] : [{ left: screen[2 * at] - ring, right: screen[2 * at] + ring, top: screen[2 * at + 1] - ring, bottom: screen[2 * at + 1] + ring }];
    kept.push({ left: width - 46, right: width, top: 0, bottom: 190 }); // the tools
    kept.push(...this.titled);
    const careful = data.words.length <= 600 && !this.moving;
    const inside = (i) => screen[2 * i] >= 0 && screen[2 * i] <= width && screen[2 * i + 1] >= 0 && screen[2 * i + 1] <= height;
    const near = careful ? data.words.map((_, i) => i).filter(inside) : [];
    const seen = new Set(), size = Math.round(Math.min(18, 13 + 1.25 * Math.log2(this.view.zoom))); // grows with the map
    const missed = [];
    let tried = 0;
    const attempt = (i) => {
      if (seen.has(i) || !inside(i)) return;
      seen.add(i);
      tried++;
      place(i, 0);
    };
    const place = (i, away) => {
      const bold = i === data.chosen, gap = data.radius + 3 + (bold ? 4 : 0) + away;
      pen.font = `${bold ? 700 : 400} ${size}px ${family}`;
      const w = pen.measureText(data.words[i]).width + 2, h = size + 3, x = screen[2 * i], y = screen[2 * i + 1];
      const spots = this.moving ? PLACES.slice(0, 1) : PLACES;
      for (const [right, down] of spots) {
        const left = right === 1 ? x + gap : right === -1 ? x - gap - w : x - w / 2;
        const rise = right ? 2 + away : gap, top = down === 0 ? y - h / 2 : down === 1 ? y + rise : y - h - rise;
        const box = { i, left, top, right: left + w, bottom: top + h, bold, size, x, y, led: away > 0 };
        if (left < 1 || top < 1 || box.right > width - 1 || box.bottom > height - 1) continue;
        const free = (bold ? placed : [...kept, ...placed]).every((o) => box.right < o.left || o.right < left || box.bottom < o.top || o.bottom < top);
        const covers = near.some((j) => j !== i && screen[2 * j] > left - 2 && screen[2 * j] < box.right + 2 &&
          screen[2 * j + 1] > top && screen[2 * j + 1] < box.bottom);
        if (free && !covers) return placed.push(box);
      }
      if (bold) placed.push({ i, left: Math.min(x + gap, width - w), top: y - h / 2, right: x + gap + w, bottom: y + h / 2, bold, size });
      else if (away < AWAY.at(-1)) missed.push(i);
    };
    first.slice(0, 60).forEach((i) => (data.labels || i === data.chosen) && attempt(i));
    for (let i = 0; data.labels && i < data.words.length && placed.length < most && tried < 1500; i++) attempt(i);
    if (careful && data.words.length <= MAX_LED) AWAY.forEach((away) => missed.splice(0).forEach((i) => place(i, away)));
    return placed;
  }

  labelElement({ i, left, top, bold, size }) {
    const label = part("span", bold ? "label chosen" : "label", null, this.data.words[i]);
    label.style.fontSize = `${size}px`;
    label.style.lineHeight = `${size + 3}px`;
    label.style.transform = `translate(${left}px, ${top}px)`;
    return label;
  }

  colour(name) {
    return getComputedStyle(this.root).getPropertyValue(name).trim() || "#7d8794";
  }

  // ---- tools

  addTools() {
    const tools = part("div", "tools", this.frame);
    const button = (icon, title, act) => {
      const made = part("button", "", tools);
      const drawn = svg("svg", { viewBox: "0 0 16 16", width: 16, height: 16, "aria-hidden": "true" });
      drawn.append(svg("path", { d: icon, fill: "none", stroke: "currentColor", "stroke-width": 1.6 }));
      made.append(drawn);
      made.type = "button";
      made.title = title;
      made.setAttribute("aria-label", title);
      made.onclick = act;
      return made;
    };
    button("M8 2v12M2 8h12", "Closer", () => this.zoomBy(1.6));
    button("M2 8h12", "Further away", () => this.zoomBy(1 / 1.6));
    button("M2 6V2h4M10 2h4v4M14 10v4h-4M6 14H2v-4", "Show all", () => { this.view = { zoom: 1, x: 0, y: 0 }; this.draw(); });
    this.lassoButton = button("M8 2.5c4 0 6 2 6 4.5s-3 4.500-6 4.500-6-2-6-4.500 2-4.500 6-4.500zM5 11.500c-1 1-1 2 0 3", "Draw a line around words to select them; by keyboard, Enter on the map takes all that is seen", () => this.setLasso(!this.lassoing));
    button("M2 5h3l1-2h4l1 2h3v8H2zM8 6.700a2.300 2.300 0 1 0 .01 0", "Save the picture", () => this.save());
  }

  setLasso(on) {
    this.lassoing = on;
    this.lassoButton.setAttribute("aria-pressed", String(on));
    if (on) this.canvas.focus();
    this.draw();
  }

  zoomBy(factor, x = this.width / 2, y = this.height / 2) {
    const zoom = Math.min(400, Math.max(1, this.view.zoom * factor)), grown = zoom / this.view.zoom;
    const shift = (1 - 1 / grown) / this.size;
    this.view.x += (x - this.width / 2) * shift;
    this.view.y -= (y - this.height / 2) * shift;
    this.view.zoom = zoom;
    if (zoom === 1) this.view = { zoom: 1, x: 0, y: 0 };
    this.draw();
  }

  moveBy(dx, dy) {
    if (this.solid) return this.turnBy(dx, dy);
    this.view.x -= dx / this.size;
    this.view.y += dy / this.size;
    this.draw();
  }

  listen() {
    const { canvas, pointers } = this;
    const at = (event) => {
      const box = canvas.getBoundingClientRect(), scale = this.enlargement();
      return [(event.clientX - box.left) / scale, (event.clientY - box.top) / scale];
    };
    canvas.onpointerdown = (event) => {
      pointers.set(event.pointerId, at(event));
      canvas.setPointerCapture(event.pointerId);
      this.travelled = 0;
      if (this.lassoing) this.lasso = [at(event)];
    };
    canvas.onpointermove = (event) => {
      const here = at(event), before = pointers.get(event.pointerId);
      if (!before) return this.point(here);
      const [dx, dy] = [here[0] - before[0], here[1] - before[1]];
      this.travelled += Math.hypot(dx, dy);
      if (pointers.size === 2) {
        const other = [...pointers].find(([id]) => id !== event.pointerId)[1];
        const apart = (p) => Math.hypot(p[0] - other[0], p[1] - other[1]);
        this.zoomBy(apart(here) / Math.max(apart(before), 1), (here[0] + other[0]) / 2, (here[1] + other[1]) / 2);
      } else if (this.lasso) {
        this.lasso.push(here);
        this.draw();
      } else if (this.travelled > 4) this.moveBy(dx, dy);
      pointers.set(event.pointerId, here);
    };
    canvas.onpointerup = (event) => {
      const alone = pointers.size === 1;
      pointers.delete(event.pointerId);
      const line = this.lasso;
      this.lasso = null;
      if (this.travelled <= 4 && alone) {
        const index = this.nearest(...at(event));
        if (index !== null) this.onClick(index);
      } else if (line && line.length > 2) {
        this.select(line);
      }
      this.draw();
    };
    canvas.onpointercancel = (event) => { pointers.delete(event.pointerId); this.lasso = null; };
    canvas.onpointerleave = () => this.point(null);
    canvas.addEventListener("wheel", (event) => {
      if (!event.ctrlKey && !event.metaKey) return; // the page scrolls
      event.preventDefault();
      this.zoomBy(Math.exp(-event.deltaY / 300), ...at(event));
    }, { passive: false });
    canvas.ondblclick = (event) => this.zoomBy(2, ...at(event));
    canvas.onkeydown = (event) => {
      const moves = { ArrowLeft: [40, 0], ArrowRight: [-40, 0], ArrowUp: [0, 40], ArrowDown: [0, -40] };
      if (moves[event.key]) this.moveBy(...moves[event.key]);
      else if (event.key === "+" || event.key === "=") this.zoomBy(1.6);
      else if (event.key === "-") this.zoomBy(1 / 1.6);
      else if (event.key === "Enter" && this.lassoing) this.select([[0, 0], [this.width, 0], [this.width, this.height], [0, this.height]]);
      else return;
      event.preventDefault();
    };
  }

  select(line) {
    this.setLasso(false);
    const inside = this.within(line);
    this.onSelect({ points: inside.slice(0, 500), count: inside.length });
  }

  within(line) {
    const found = [];
    for (let i = 0; i < this.screen.length; i += 2) {
      const [x, y] = [this.screen[i], this.screen[i + 1]];
      let inside = false;
      for (let a = 0, b = line.length - 1; a < line.length; b = a++) {
        const [[ax, ay], [bx, by]] = [line[a], line[b]];
        if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) inside = !inside;
      }
      if (inside) found.push(i / 2);
    }
    return found;
  }

  point(here) {
    const index = here && this.screen ? this.nearest(...here) : null;
    this.canvas.style.cursor = this.lassoing ? "crosshair" : index === null ? "grab" : "pointer";
    this.tip.hidden = index === null;
    if (index === null) return;
    this.tip.textContent = this.data.words[index] + (this.data.notes ? ` · ${this.data.notes[index]}` : "");
    const [x, y] = [this.screen[2 * index], this.screen[2 * index + 1]];
    this.tip.style.left = `${Math.min(x + 12, this.width - this.tip.offsetWidth - 4)}px`;
    this.tip.style.top = `${y > 40 ? y - 34 : y + 14}px`;
  }

  save() {
    const ink = this.colour("--st-text-color"), paper = this.colour("--st-background-color");
    const family = getComputedStyle(this.root).fontFamily, { width, height } = this;
    const write = (pen) => {
      this.paint(pen);
      this.paintLeaders(pen);
      for (const { i, left, bottom, bold, size } of this.placed) pen.text(this.data.words[i], left, bottom - 4, size, bold, ink, family);
    };
    if (this.data.picture === "SVG") {
      const pen = new SvgPen(width, height, paper);
      write(pen);
      return download(URL.createObjectURL(new Blob([pen.svg()], { type: "image/svg+xml" })), `${this.data.file}.svg`);
    }
    const sheet = document.createElement("canvas"), context = sheet.getContext("2d");
    sheet.width = 2 * width;
    sheet.height = 2 * height;
    context.scale(2, 2);
    context.fillStyle = paper;
    context.fillRect(0, 0, width, height);
    write(new CanvasPen(context));
    sheet.toBlob((blob) => download(URL.createObjectURL(blob), `${this.data.file}.png`));
  }

  // ---- watching it form

  addPlayer() {
    this.player = part("div", "player", this.root);
    this.player.hidden = true;
    this.playButton = part("button", "", this.player, "▶ Play");
    this.playButton.type = "button";
    this.playButton.onclick = () => (this.playing ? this.stop() : this.play());
    this.slider = part("input", "", this.player);
    Object.assign(this.slider, { type: "range", min: 0, step: 1 });
    this.slider.setAttribute("aria-label", "Step of the map");
    this.slider.oninput = () => {
      const at = Number(this.slider.value); // read before stopping, which draws and so writes it
      this.stop();
      this.at = at;
      this.draw();
    };
    this.loss = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    this.loss.setAttribute("viewBox", "0 0 120 28");
    this.player.append(this.loss);
    this.readout = part("span", "readout", this.player);
  }

  play() {
    if (this.at >= this.frames.length - 1) this.at = 0;
    this.playing = true;
    this.playButton.textContent = "❚❚ Pause";
    let before = null;
    const tick = (now) => {
      if (!this.playing) return;
      const step = before === null ? 0 : ((now - before) / 1000 / PLAY_SECONDS) * (this.frames.length - 1);
      before = now;
      this.at = Math.min(this.at + step, this.frames.length - 1);
      this.moving = true;
      this.draw();
      if (this.at >= this.frames.length - 1) return this.stop();
      requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
  }

  halt() {
    this.playing = this.moving = false;
    this.playButton.textContent = "▶ Play";
  }

  stop() {
    this.halt();
    this.draw();
  }

  glide(from) { // from the snapshot before to this one, until the next is there
    const start = performance.now(), mine = (this.gliding = { from, share: 0 });
    const tick = (now) => {
      if (this.gliding !== mine) return;
      mine.share = Math.min(1, (now - start) / 450);
      if (mine.share >= 1) this.gliding = null;
      this.moving = mine.share < 1;
      this.draw();
      if (this.moving) requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
  }

  status() {
    const frames = this.data.frames;
    if (!frames) return;
    const at = Math.min(Math.round(this.at), frames.steps.length - 1);
    this.slider.value = Math.round(this.at);
    this.readout.textContent = `step ${frames.steps[at]} · loss ${frames.loss[at].toFixed(2)}`;
    this.dot?.setAttribute("cx", this.lossX(at));
    this.dot?.setAttribute("cy", this.lossY(at));
  }

  drawLoss() {
    const losses = this.data.frames?.loss ?? [];
    if (losses.length < 2) return;
    const low = Math.min(...losses), high = Math.max(...losses);
    this.lossX = (at) => 4 + (112 * at) / (losses.length - 1);
    this.lossY = (at) => 25 - (22 * (losses[at] - low)) / Math.max(high - low, 1e-9);
    const line = svg("polyline", { points: losses.map((_, at) => `${this.lossX(at)},${this.lossY(at)}`).join(" "), class: "loss" });
    this.dot = svg("circle", { r: 3, class: "now" });
    this.loss.replaceChildren(line, this.dot);
  }
}

// Two pens with the same strokes: one for the screen and PNG, one for SVG.
class CanvasPen {
  constructor(context) { this.context = context; }
  image(image, x, y, width, height) { this.context.drawImage(image, x, y, width, height); }
  line(x1, y1, x2, y2, colour, dash, width = 1) {
    const { context } = this;
    context.strokeStyle = colour;
    context.lineWidth = width;
    context.setLineDash(dash);
    context.beginPath();
    context.moveTo(x1, y1);
    context.lineTo(x2, y2);
    context.stroke();
    context.setLineDash([]);
  }
  mark(symbol, x, y, r, colour) {
    const { context } = this;
    if (context.fillStyle !== colour) context.fillStyle = colour;
    if (r < 2.5) return context.fillRect(x - r, y - r, 2 * r, 2 * r);
    context.beginPath();
    if (symbol === "circle") context.arc(x, y, r, 0, 2 * Math.PI);
    else corners(symbol, x, y, r).forEach(([px, py]) => context.lineTo(px, py));
    context.fill();
  }
  ring(x, y, r, colour, width) {
    const { context } = this;
    context.strokeStyle = colour;
    context.lineWidth = width;
    context.beginPath();
    context.arc(x, y, r, 0, 2 * Math.PI);
    context.stroke();
  }
  text(text, x, y, size, bold, colour, family) {
    this.context.font = `${bold ? 700 : 400} ${size}px ${family}`;
    this.context.fillStyle = colour;
    this.context.fillText(text, x, y);
  }
}

class SvgPen {
  constructor(width, height, paper) {
    this.sheet = svg("svg", { xmlns: "http://www.w3.org/2000/svg", width, height, viewBox: `0 0 ${width} ${height}` });
    this.add("rect", { width, height, fill: paper });
  }
  add(name, attributes) { return this.sheet.appendChild(svg(name, attributes)); }
  image(image, x, y, width, height) { this.add("image", { href: image.toDataURL(), x, y, width, height }); }
  line(x1, y1, x2, y2, stroke, dash, width = 1) {
    this.add("line", { x1, y1, x2, y2, stroke, "stroke-dasharray": dash.join(" "), "stroke-width": width });
  }
  mark(symbol, cx, cy, r, fill) {
    if (symbol === "circle") this.add("circle", { cx, cy, r, fill });
    else this.add("polygon", { points: corners(symbol, cx, cy, r).join(" "), fill });
  }
  ring(cx, cy, r, stroke, width) { this.add("circle", { cx, cy, r, stroke, fill: "none", "stroke-width": width }); }
  text(text, x, y, size, bold, fill, family) {
    const made = this.add("text", { x, y, fill, "font-size": size, "font-weight": bold ? 700 : 400, "font-family": family });
    made.textContent = text;
  }
  svg() { return new XMLSerializer().serializeToString(this.sheet); }
}

function corners(symbol, x, y, r) {
  const t = r / 3; // half the width of a cross's arms
  const shapes = {
    diamond: [[0, -1.25 * r], [1.25 * r, 0], [0, 1.25 * r], [-1.25 * r, 0]],
    square: [[-r, -r], [r, -r], [r, r], [-r, r]],
    "triangle-up": [[0, -1.2 * r], [1.15 * r, 0.85 * r], [-1.15 * r, 0.85 * r]],
    cross: [
      [-t, -r], [t, -r], [t, -t], [r, -t], [r, t], [t, t], [t, r], [-t, r], [-t, t], [-r, t], [-r, -t], [-t, -t],
    ],
  };
  return shapes[symbol].map(([dx, dy]) => [x + dx, y + dy]);
}

function part(name, className, parent, text = "") {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.dir = "auto";
  made.textContent = text;
  parent?.append(made);
  return made;
}

function svg(name, attributes) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

function bytes(text) {
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
}

function places(text) { // shares of the map's longest side, two for each point, or three
  const raw = bytes(text), whole = new Uint16Array(raw.buffer, 0, raw.length / 2);
  return Float32Array.from(whole, (value) => value / 65535);
}

function downwards({ ends: [a, b] }) {
  return a[1] + b[1];
}

function leftwards({ ends: [a, b] }) {
  return -a[0] - b[0];
}

function mix(a, b, share) {
  return a.map((value, i) => value + (b[i] - value) * share);
}

function picture({ side, counts }) { // row 0 is the lowest
  const sheet = document.createElement("canvas"), cells = bytes(counts);
  sheet.width = sheet.height = side;
  const image = new ImageData(side, side);
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++) {
      const at = 4 * ((side - 1 - row) * side + column);
      image.data.set([125, 135, 148, cells[row * side + column]], at);
    }
  }
  sheet.getContext("2d").putImageData(image, 0, 0);
  return sheet;
}

function download(address, name) {
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
