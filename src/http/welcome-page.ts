/** A page of links: what runs here, for whoever comes by. Korean first, no script, readable from a distance. */
import { createHash } from 'node:crypto'
import type { App } from './door.ts'
import { FONT_FAMILY, FONT_SHEET } from './fonts.ts'

const STYLE = `
:root { color-scheme: light dark; --ink: #16202a; --paper: #fbfaf6; --line: #c9c3b2; --link: #0b5394; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #f2efe6; --paper: #14181c; --line: #4a4f55; --link: #8ec5ff; }
}
body { margin: 0; background: var(--paper); color: var(--ink); line-height: 1.6;
  font: 1.25rem/1.6 ${FONT_FAMILY}, system-ui, "Apple SD Gothic Neo", "Malgun Gothic", "Noto Sans KR", sans-serif; }
main { max-width: 46rem; margin: 0 auto; padding: 2rem 1.25rem 4rem; }
h1 { font-size: 2.5rem; line-height: 1.2; margin: 0 0 .5rem; }
h2 { font-size: 1.5rem; margin: 2.5rem 0 .5rem; border-top: 2px solid var(--line); padding-top: 1.25rem; }
[lang="en"] { opacity: .85; }
a { color: var(--link); }
li { margin: .5rem 0; }
a:focus-visible { outline: 3px solid currentColor; outline-offset: 3px; }
`

const APPS = `<h2>쓰기 <span lang="en">· Use</span></h2>
<ul>
<li><a href="/">시민</a> <span lang="en">· citizens</span></li>
<li><a href="/shop">가맹점</a> <span lang="en">· shops</span></li>
<li><a href="/city">시청</a> <span lang="en">· city hall</span></li>
<li><a href="/ops">운영</a> <span lang="en">· operations</span></li>
<li><a href="/demo">체험</a> <span lang="en">· the demonstration, side by side</span></li>
</ul>

`

const page = (apps: string): string => `<!doctype html>
<html lang="ko">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>두레 · Dure</title>
<link rel="stylesheet" href="${FONT_SHEET}">
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>두레 <span lang="en">Dure</span></h1>
<p>지역사랑상품권을 발행하고, 사고, 쓰고, 정산하는 열린 플랫폼이 여기에서 돌아가고 있습니다.</p>
<p lang="en">An open platform for regional vouchers runs here: issuing, buying, paying and paying out.</p>

${apps}<h2>보기 <span lang="en">· Look around</span></h2>
<ul>
<li><a href="/docs">API 문서</a> <span lang="en">· the API, to read and to try</span></li>
<li><a href="/openapi.json">OpenAPI 3.1</a> <span lang="en">· the same for programs</span></li>
<li><a href="/healthz">살아 있는지</a> <span lang="en">· is the process alive</span></li>
<li><a href="/readyz">일할 준비가 되었는지</a> <span lang="en">· is it ready to work</span></li>
<li><a href="/metrics">운영 지표</a> <span lang="en">· numbers for monitoring</span></li>
</ul>

<h2>읽기 <span lang="en">· Read on</span></h2>
<ul>
<li>README.md: 처음 실행하기 <span lang="en">· first steps</span></li>
<li>ARCHITECTURE.md: 구조와 결정 <span lang="en">· rooms and decisions</span></li>
<li>docs/reference/errors.md: 오류 코드 <span lang="en">· every error code</span></li>
<li>docs/reference/qr-codes.md: QR 코드 형식 <span lang="en">· the QR formats</span></li>
</ul>
</main>
</body>
</html>
`

/** The one style that the page may use, by its hash, so that nothing put into the page later would count. */
const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64')
const POLICY = [
  "default-src 'none'",
  `style-src 'self' 'sha256-${STYLE_HASH}'`,
  "font-src 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ')

/** @param path where it is: `/` where no apps are served */
export function registerWelcomePage(app: App, path: '/' | '/about'): void {
  const text = page(path === '/' ? '' : APPS)
  app.get(path, { schema: { hide: true } }, async (_request, reply) =>
    reply.header('content-security-policy', POLICY).type('text/html; charset=utf-8').send(text),
  )
}
