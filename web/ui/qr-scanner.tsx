/** The camera, looking for a code. Where there is no camera it says so, and a photo can be chosen instead. */
import { useEffect, useRef, useState } from 'react'
import { openQrReading, type ReadQr } from './qr-reading.ts'
import { Banner } from './telling.tsx'
import { useWords } from './words.ts'

const words = {
  ko: {
    camera: '카메라 화면. QR 코드를 비추면 저절로 읽습니다.',
    refused:
      '카메라를 쓸 수 없습니다. 브라우저에서 카메라를 허용하거나, 사진을 고르거나, 번호를 입력해 주세요.',
    photo: '사진에서 읽기',
    nothing: '이 사진에서 QR 코드를 찾지 못했습니다.',
  },
  en: {
    camera: 'Camera. It reads by itself when it sees a QR code.',
    refused:
      'The camera cannot be used. Allow it in the browser, choose a photo, or type the number.',
    photo: 'Read from a photo',
    nothing: 'There is no QR code in this photo.',
  },
}

/** Between two looks at the picture. */
const LOOK_EVERY_MS = 120

export function QrScanner({ onText }: { onText: (text: string) => void }) {
  const t = useWords(words)
  const video = useRef<HTMLVideoElement>(null)
  const heard = useRef(onText)
  heard.current = onText
  const [trouble, setTrouble] = useState<'refused' | 'nothing'>()
  useEffect(() => {
    const ending = new AbortController()
    void lookThroughCamera(video.current, {
      signal: ending.signal,
      onText: (text) => heard.current(text),
    }).catch(() => ending.signal.aborted || setTrouble('refused'))
    return () => ending.abort()
  }, [])
  const readPhoto = async (file: File | undefined): Promise<void> => {
    if (file === undefined) return
    const read = await openQrReading()
    const text = await read(await createImageBitmap(file)).catch(() => undefined)
    if (text === undefined) setTrouble('nothing')
    else onText(text)
  }
  return (
    <div className="stack" data-gap="s">
      <div className="viewfinder" hidden={trouble === 'refused'}>
        <video ref={video} muted playsInline aria-label={t.camera} />
      </div>
      {trouble === undefined ? null : (
        <Banner tone="wait" isNews>
          <p>{t[trouble]}</p>
        </Banner>
      )}
      <label className="button" data-kind="quiet">
        {t.photo}
        <input
          className="unseen"
          type="file"
          accept="image/*"
          onChange={(event) => void readPhoto(event.target.files?.[0])}
        />
      </label>
    </div>
  )
}

/** Until a code was found or the signal says stop. Rejects where there is no camera. */
async function lookThroughCamera(
  video: HTMLVideoElement | null,
  { signal, onText }: { signal: AbortSignal; onText: (text: string) => void },
): Promise<void> {
  if (video === null) return
  const stream = await navigator.mediaDevices.getUserMedia({
    video: { facingMode: 'environment', width: { ideal: 1280 }, height: { ideal: 720 } },
  })
  const end = (): void => stream.getTracks().forEach((track) => track.stop())
  if (signal.aborted) return end()
  signal.addEventListener('abort', end, { once: true })
  video.srcObject = stream
  await video.play()
  const read = await openQrReading()
  const look = async (): Promise<void> => {
    if (signal.aborted) return
    const text = await lookOnce(read, video)
    if (signal.aborted) return
    if (text === undefined) setTimeout(() => void look(), LOOK_EVERY_MS)
    else onText(text)
  }
  await look()
}

async function lookOnce(read: ReadQr, video: HTMLVideoElement): Promise<string | undefined> {
  return video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA
    ? undefined
    : read(video).catch(() => undefined)
}
