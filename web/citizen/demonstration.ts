/** Whether this is the demonstration, where simulated parties stand beside the screens. */
import { useQuery } from '@tanstack/react-query'

/** False until it is known. */
export function useIsDemonstration(): boolean {
  const { data } = useQuery({
    queryKey: ['deployment'],
    staleTime: Infinity,
    queryFn: async () => {
      const response = await fetch('/v1/deployment')
      if (!response.ok) return false
      const answer: unknown = await response.json()
      return Reflect.get(Object(answer), 'demonstration') === true
    },
  })
  return data ?? false
}
