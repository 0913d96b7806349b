/** Files of the API, saved by the browser. */
export { download } from '../api/download.ts'
