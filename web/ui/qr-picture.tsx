/** A code to be scanned: dark on white in every theme, since scanners need it so. */
import { drawSvg } from '../../src/qr/qr.ts'
import { useMemo } from 'react'

export function QrPicture({ text, label }: { text: string; label: string }) {
  const svg = useMemo(() => drawSvg(text, { label }), [text, label])
  // The picture is made here from modules; its label is escaped where it is drawn.
  // oxlint-disable-next-line react/no-danger
  return <div className="qr" dangerouslySetInnerHTML={{ __html: svg }} />
}
