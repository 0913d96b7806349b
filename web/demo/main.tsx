/** The demo app on its page. */
import { openApp } from '../ui/open-app.tsx'
import { App } from './app.tsx'

openApp({ app: 'demo', base: '/demo', view: <App /> })
