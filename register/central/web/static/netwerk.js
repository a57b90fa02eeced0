// SPDX-FileCopyrightText: 2026 The signaalregister founders
// SPDX-License-Identifier: EUPL-1.2
/*
 * The network of a case, to tap and to walk through; the tables on the page stay the truth.
 *
 * It shows what stands in `data-netwerk`, which the server made of the answer that the tables show, and asks the register nothing: every line carries its reason, so "waarom?" is
 * answered in place and leaves no further trace. Without script, or when drawing fails, the page is as it was: its drawing, its tables and its form.
 * Left to the server: every word, what may be shown, and the order in which lines are walked through.
 */
(function () {
  "use strict";

  var INK = "#1a1a1a", BLUE = "#003e65", CHOSEN = "#8a1c00", PAPER = "#ffffff";
  var LINES = { bindt: "solid", context: "dashed", vraag: "dotted" };

  var section = document.getElementById("netwerk-tekening");
  if (!section || typeof window.cytoscape !== "function") {
    return;
  }
  var told = JSON.parse(section.dataset.netwerk);
  var answer = document.getElementById("netwerk-waarom");
  var at = -1;

  // On a circle in the order of the table: where things begin decides where they end, so the same network looks the same tomorrow.
  function elements() {
    var around = told.knopen.length;
    var nodes = told.knopen.map(function (one, number) {
      var turn = (2 * Math.PI * number) / around;
      return {
        group: "nodes",
        data: { id: one.knoop, label: one.label, kind: one.soort },
        classes: one.gedeeld ? "shared" : "",
        position: { x: 200 * Math.cos(turn), y: 200 * Math.sin(turn) }
      };
    });
    var edges = told.verbanden.map(function (one, number) {
      return {
        group: "edges",
        data: { id: "verband-" + number, source: one.van, target: one.naar, number: number, line: LINES[one.lijn] },
        classes: one.brug ? "bridge" : ""
      };
    });
    return nodes.concat(edges);
  }

  section.hidden = false;
  var drawing;
  try {
    drawing = window.cytoscape({
      container: document.getElementById("netwerk-vlak"),
      elements: elements(),
      layout: { name: "cose", randomize: false, animate: false, fit: true, padding: 40, nodeRepulsion: function () { return 40000; }, idealEdgeLength: function () { return 90; } },
      // Scrolling and swiping stay the page's: buttons make it larger.
      userZoomingEnabled: false,
      userPanningEnabled: window.matchMedia("(pointer: fine)").matches,
      boxSelectionEnabled: false,
      minZoom: 0.2,
      maxZoom: 3,
      style: [
        { selector: "node", style: { label: "data(label)", "font-size": 14, color: INK, "background-color": PAPER, "border-width": 2, "border-color": INK, shape: "rectangle", width: 26, height: 26, "text-valign": "bottom", "text-margin-y": 4, "text-background-color": PAPER, "text-background-opacity": 1, "text-background-padding": 2 } },
        { selector: "node[kind='persoon']", style: { shape: "ellipse", "background-color": BLUE, "border-color": BLUE, width: 32, height: 32 } },
        { selector: "node.shared", style: { "border-width": 5 } },
        { selector: "edge", style: { width: 3, "line-color": INK, "line-style": "data(line)", "curve-style": "bezier" } },
        { selector: "edge.bridge", style: { width: 6 } },
        { selector: ".chosen", style: { "line-color": CHOSEN, "border-color": CHOSEN, "border-width": 6, width: 8, "z-index": 9 } },
        { selector: "node.chosen", style: { width: 36, height: 36 } }
      ]
    });
  } catch (error) {
    section.hidden = true;
    return;
  }
  // Two nodes need not fill the page.
  function fitted() {
    drawing.fit(undefined, 40);
    if (drawing.zoom() > 1.2) {
      drawing.zoom(1.2);
      drawing.center();
    }
  }
  fitted();

  var plain = document.getElementById("netwerk-zonder-script");
  if (plain) {
    plain.hidden = true;
  }

  function paragraph(text, strong) {
    var made = document.createElement("p");
    made.className = strong ? "sr-alert-title" : "utrecht-paragraph";
    made.textContent = text;
    return made;
  }

  function row(number) {
    var made = document.createElement("a");
    made.className = "utrecht-link utrecht-link--html-a sr-alone";
    made.href = "#verband-" + number;
    made.textContent = section.dataset.regel;
    return made;
  }

  function choose(element, parts) {
    drawing.elements().removeClass("chosen");
    element.addClass("chosen");
    answer.replaceChildren.apply(answer, parts);
  }

  function showLine(number) {
    var one = told.verbanden[number];
    at = number;
    choose(drawing.getElementById("verband-" + number), [
      paragraph(one.titel, true), paragraph(one.reden, false), paragraph(one.doet, false), row(number)
    ]);
  }

  function showNode(key) {
    var one = told.knopen.find(function (node) { return node.knoop === key; });
    var parts = [paragraph(one.label, true)];
    if (one.uitleg) {
      parts.push(paragraph(one.uitleg, false));
    }
    told.verbanden.forEach(function (line) {
      if (line.van === key || line.naar === key) {
        parts.push(paragraph(line.titel + ": " + line.reden, false));
      }
    });
    choose(drawing.getElementById(key), parts);
  }

  function zoom(by) {
    drawing.zoom({ level: drawing.zoom() * by, renderedPosition: { x: drawing.width() / 2, y: drawing.height() / 2 } });
  }

  var acts = {
    vorige: function () { showLine((at <= 0 ? told.verbanden.length : at) - 1); },
    volgende: function () { showLine((at + 1) % told.verbanden.length); },
    groter: function () { zoom(1.3); },
    kleiner: function () { zoom(1 / 1.3); },
    passend: fitted
  };

  drawing.on("tap", "edge", function (event) { showLine(event.target.data("number")); });
  drawing.on("tap", "node", function (event) { showNode(event.target.id()); });
  section.addEventListener("click", function (event) {
    var button = event.target.closest("button[data-doe]");
    if (button && (told.verbanden.length || !/^vo/.test(button.dataset.doe))) {
      acts[button.dataset.doe]();
    }
  });
  window.addEventListener("resize", function () {
    drawing.resize();
    fitted();
  });
  // For who tests this page: where a line can be tapped, in pixels of the drawing.
  section.middleOf = function (number) {
    var middle = drawing.getElementById("verband-" + number).renderedMidpoint();
    return { x: middle.x, y: middle.y };
  };
}());
