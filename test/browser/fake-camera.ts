/**
 * A camera that looks at a code: frames of grey in a file that Chromium takes for its camera (YUV4MPEG2). The code
 * fills half of the picture's height, as one does that somebody holds a telephone over.
 */
import { writeFile } from 'node:fs/promises'
import { encodeQR } from 'qr'

const WIDTH = 640
const HEIGHT = 480
const GREY = 128
const PAPER = 235
const INK = 16
const FRAMES = 2

/** Arguments of a browser whose camera shows the file; nobody is asked for leave. */
export function cameraArguments(file: string): string[] {
  return [
    '--use-fake-ui-for-media-stream',
    '--use-fake-device-for-media-stream',
    `--use-file-for-fake-video-capture=${file}`,
  ]
}

/** Writes what the camera sees. @param file ends in `.y4m` */
export async function showToCamera(file: string, text: string): Promise<void> {
  const luma = Buffer.alloc(WIDTH * HEIGHT, PAPER)
  const modules = encodeQR(text, 'raw', { ecc: 'medium', border: 4 })
  const scale = Math.floor((HEIGHT * 0.75) / modules.length)
  const left = Math.floor((WIDTH - modules.length * scale) / 2)
  const top = Math.floor((HEIGHT - modules.length * scale) / 2)
  for (const [row, line] of modules.entries()) {
    for (const [column, isDark] of line.entries()) {
      if (!isDark) continue
      for (let y = 0; y < scale; y += 1) {
        const at = (top + row * scale + y) * WIDTH + left + column * scale
        luma.fill(INK, at, at + scale)
      }
    }
  }
  const chroma = Buffer.alloc((WIDTH * HEIGHT) / 2, GREY)
  const frame = Buffer.concat([Buffer.from('FRAME\n'), luma, chroma])
  const head = Buffer.from(`YUV4MPEG2 W${WIDTH} H${HEIGHT} F10:1 Ip A1:1 C420jpeg\n`)
  await writeFile(file, Buffer.concat([head, ...Array.from({ length: FRAMES }, () => frame)]))
}
