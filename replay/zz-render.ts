import { readFile, writeFile } from 'node:fs/promises'
import { openBrowser } from '../test/browser/browser.ts'
import { outagePicture, outagePictureKorean } from './draw-outage.ts'
const report = JSON.parse(await readFile(process.argv[2]!, 'utf8'))
const b = await openBrowser()
for (const [n, svg] of [
  ['en', outagePicture(report)],
  ['ko', outagePictureKorean(report)],
] as const) {
  await writeFile(`/tmp/s3/outage-${n}.svg`, svg)
  for (const scheme of ['light', 'dark'] as const) {
    const page = await b.newPage({ viewport: { width: 860, height: 660 }, colorScheme: scheme })
    await page.setContent(
      `<body style="margin:10px;background:${scheme === 'dark' ? '#0d1117' : '#fff'}"><img width="838" src="data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}"></body>`,
    )
    await page.waitForTimeout(300)
    await page.screenshot({ path: `/tmp/s3/outage-${n}-${scheme}.png` })
    await page.close()
  }
}
await b.close()
