import { resolve } from 'node:path'
import { initAnswer } from '../../../../shared/contract/answers.ts'
import { MOST_TITLE_LETTERS } from '../../../../shared/contract/contract.ts'
import { SCHEMA_VERSION } from '../../../engine/project/schema.ts'
import { defineCommand, UsageError } from '../command.ts'

export const initCommand = defineCommand({
  usage: 'PROJECT.asterism [--title T]',
  positionals: [1, 1],
  options: { title: { type: 'string' } },
  answer: initAnswer,
  async run({ client, engine, positionals, options }) {
    const path = positionals[0]!
    if (!path.endsWith('.asterism')) throw new UsageError('a project file ends in .asterism')
    const title = options['title']
    if (typeof title === 'string' && (title === '' || title.length > MOST_TITLE_LETTERS))
      throw new UsageError(`a title has 1 to ${MOST_TITLE_LETTERS} letters`)
    await client.projects.openFile({
      file: engine.grantFile(resolve(path)),
      create: true,
      title: typeof title === 'string' ? title : undefined,
    })
    return { answer: { project: resolve(path), schemaVersion: SCHEMA_VERSION } }
  },
  report: (answer) => [`${answer.project}: a new project (version ${answer.schemaVersion})`],
})
