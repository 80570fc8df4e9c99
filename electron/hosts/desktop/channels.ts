/** The names of the channels between preload and shell: a closed list. */
export const CHANNELS = {
  connect: 'asterism:connect',
  pickFiles: 'asterism:pick-files',
  pickProject: 'asterism:pick-project',
  showExport: 'asterism:show-export',
  tokensForPaths: 'asterism:tokens-for-paths',
} as const
