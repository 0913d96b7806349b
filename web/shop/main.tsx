/** The shop app on its page. */
import { openApp } from '../ui/open-app.tsx'
import { App } from './app.tsx'

openApp({ app: 'shop', base: '/shop', view: <App /> })
