/** What the card gateways of this machine say of themselves, for operators: asked at their control doors. */
import { readGatewayStatus, type GatewayReport } from '../http/http.ts'
import { readRunning, type RunningGateway } from './running.ts'
import { StartupProblem } from './startup-problem.ts'

const TIMEOUT_MS = 1_500
/** A status with every link of a busy gateway. */
const ANSWER_BYTES_MAX = 1_048_576

/** None where nobody wrote down which there are. @param token what a control door wants to see */
export async function readGatewayReports(
  dataDirectory: string,
  token: string,
): Promise<readonly GatewayReport[]> {
  const gateways = await knownGateways(dataDirectory)
  return Promise.all(gateways.map((gateway) => askGateway(gateway, token)))
}

/** None where nobody wrote down which there are. */
export async function knownGateways(dataDirectory: string): Promise<readonly RunningGateway[]> {
  try {
    return (await readRunning(dataDirectory)).gateways
  } catch (error) {
    if (error instanceof StartupProblem) return []
    throw error
  }
}

/** A gateway that is silent, slow or talks nonsense is one without a status. */
async function askGateway(
  { name, controlUrl }: RunningGateway,
  token: string,
): Promise<GatewayReport> {
  try {
    const answer = await fetch(`${controlUrl}/status`, {
      headers: { authorization: `Bearer ${token}` },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
    const text = await answer.text()
    const isReadable = answer.ok && text.length <= ANSWER_BYTES_MAX
    const status = isReadable ? readGatewayStatus(JSON.parse(text)) : undefined
    return { name, status: status ?? null }
  } catch {
    // Unreachable and unreadable are one to the operator: the gateway did not say how it is.
    return { name, status: null }
  }
}
