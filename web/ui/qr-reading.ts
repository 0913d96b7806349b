/** Finds QR codes in pictures: by the browser's own detector where it has one, else by a decoder in WebAssembly. */
export type ReadQr = (picture: HTMLVideoElement | ImageBitmap) => Promise<string | undefined>

interface Detector {
  detect(picture: ImageBitmapSource): Promise<{ rawValue: string }[]>
}
interface DetectorMaker {
  new (options: { formats: string[] }): Detector
  getSupportedFormats(): Promise<string[]>
}

/** Pixels of the longer side that a frame is read at: enough for a code that fills a fifth of it. */
const FRAME_SIDE_MAX = 1280

export async function openQrReading(): Promise<ReadQr> {
  const maker = (globalThis as { BarcodeDetector?: DetectorMaker }).BarcodeDetector
  const formats = await maker?.getSupportedFormats().catch((): string[] => [])
  if (maker !== undefined && formats?.includes('qr_code') === true) {
    const detector = new maker({ formats: ['qr_code'] })
    return async (picture) => (await detector.detect(picture))[0]?.rawValue
  }
  return openWasmReading()
}

async function openWasmReading(): Promise<ReadQr> {
  const [{ prepareZXingModule, readBarcodes }, { default: wasmUrl }] = await Promise.all([
    import('zxing-wasm/reader'),
    import('zxing-wasm/reader/zxing_reader.wasm?url'),
  ])
  prepareZXingModule({ overrides: { locateFile: () => wasmUrl } })
  const canvas = document.createElement('canvas')
  const drawing = canvas.getContext('2d', { willReadFrequently: true })
  return async (picture) => {
    const [width, height] =
      picture instanceof HTMLVideoElement
        ? [picture.videoWidth, picture.videoHeight]
        : [picture.width, picture.height]
    if (drawing === null || width === 0) return undefined
    const scale = Math.min(1, FRAME_SIDE_MAX / Math.max(width, height))
    canvas.width = Math.round(width * scale)
    canvas.height = Math.round(height * scale)
    drawing.drawImage(picture, 0, 0, canvas.width, canvas.height)
    const pixels = drawing.getImageData(0, 0, canvas.width, canvas.height)
    const found = await readBarcodes(pixels, { formats: ['QRCode'], maxNumberOfSymbols: 1 })
    return found[0]?.text
  }
}
