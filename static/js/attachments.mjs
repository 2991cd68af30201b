// What only the browser can do with attached files: decoding and scaling pictures, and reading PDFs.
import { startWorker } from "./trusted.mjs";

const SIDE = 1536; // pixels: more than common vision models look at
const QUALITY = 0.85;

/** An image file as a data URL, scaled down when it is larger than models look at. Photos become JPEG, the rest PNG. */
export async function picture(file) {
  const bitmap = await createImageBitmap(file);
  const scale = Math.min(1, SIDE / Math.max(bitmap.width, bitmap.height));
  const canvas = new OffscreenCanvas(Math.max(1, bitmap.width * scale), Math.max(1, bitmap.height * scale));
  canvas.getContext("2d").drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  const type = file.type === "image/jpeg" || scale < 1 ? "image/jpeg" : "image/png";
  const blob = await canvas.convertToBlob({ type, quality: QUALITY });
  return dataUrl(blob);
}

const dataUrl = (blob) =>
  new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result);
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(blob);
  });

/** The text of a PDF, pages parted by an empty line. The parsing happens in a worker, which ends with it. */
export async function pdfText(file) {
  const pdf = await import("../vendor/lib/pdf/pdf.mjs");
  const port = startWorker(new URL("../vendor/lib/pdf/pdf.worker.mjs", import.meta.url).href);
  const worker = pdf.PDFWorker.create({ port });
  try {
    const data = await file.arrayBuffer();
    const task = pdf.getDocument({ data, worker, isEvalSupported: false, disableFontFace: true, useWasm: false, verbosity: 0 });
    const document = await task.promise;
    const pages = [];
    for (let number = 1; number <= document.numPages; number += 1) {
      const { items } = await (await document.getPage(number)).getTextContent();
      pages.push(items.map((item) => item.str + (item.hasEOL ? "\n" : "")).join("").trim());
    }
    await task.destroy();
    return pages.join("\n\n");
  } finally {
    worker.destroy();
    port.terminate();
  }
}
