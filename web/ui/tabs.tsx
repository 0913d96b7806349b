/** Views of one thing beside one another; which one is shown may stand in the address. */
import type { ReactNode } from 'react'
import { Tab, TabList, TabPanel, Tabs as AriaTabs } from 'react-aria-components'

export interface TabView {
  readonly id: string
  readonly label: string
  readonly view: () => ReactNode
}

export function Tabs(props: {
  readonly label: string
  readonly views: readonly TabView[]
  readonly selected: string
  readonly onSelect: (id: string) => void
}) {
  const { label, views, selected, onSelect } = props
  return (
    <AriaTabs
      className="tabs"
      selectedKey={selected}
      onSelectionChange={(key) => onSelect(String(key))}
    >
      <TabList aria-label={label}>
        {views.map((view) => (
          <Tab key={view.id} id={view.id} className="tab">
            {view.label}
          </Tab>
        ))}
      </TabList>
      {views.map((view) => (
        <TabPanel key={view.id} id={view.id} className="tab-panel">
          {view.id === selected ? view.view() : null}
        </TabPanel>
      ))}
    </AriaTabs>
  )
}
