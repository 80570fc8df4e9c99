/** Why recordings could not be put into one world, and what pictures say of a scan. */
export const space = {
  'space.noPose': 'no pose brings the two scans together',
  'space.disagree':
    'the scans do not agree: in the best pose found {percent} % of what both should see does; they may show different places or overlap too little',
  'space.slides': 'ambiguous: one scan can slide or turn on the other without a difference',
  'space.thin':
    'the scans share about {percent} % of their surface, too little at their density to be sure; denser scans or more overlap would help',
  'space.rows':
    'ambiguous: what agrees would agree shifted or turned as well, as rows of equal things do, and what is there once does not; it may be another place furnished alike',
  'space.rivals':
    'ambiguous: {poses} poses explain the scans about equally well, as in a room that looks the same after a turn',
  'space.targetBad': 'the target cannot be registered: {why}',
  'space.sourceBad': 'the source cannot be registered: {why}',
  'space.targetLarge':
    'the sizes differ by a factor of {factor}: the target may be in {unit}; try with a scale (register-files --scale)',
  'space.sourceLarge':
    'the sizes differ by a factor of {factor}: the source may be in {unit}; try with a scale (register-files --scale)',
  'space.millimetres': 'millimetres',
  'space.centimetres': 'centimetres',
  'space.inches': 'inches',
  'space.otherUnits': 'other units',
  'space.unitless': '{why}; the unit of length of {name} is unknown: let the scale be found too (--scale)',
  'space.incomparable': 'nothing to compare: both need a surface, or both need a path on a known clock',
  'space.nothingToCompare': 'there is no surface to compare',

  'space.meshEmpty': 'the mesh has no surface',
  'space.scanEmpty': 'the scan is empty',
  'space.fewPoints': 'the scan has only {count} usable points, at least {least} are needed',
  'space.notFinite': 'no point of the scan has finite coordinates',
  'space.coincide': 'all points of the scan coincide',
  'space.rounded':
    'its coordinates are single precision numbers far from their origin, which rounds them to {centimetres} cm; export it with an origin near it, or in double precision',
  'space.line': 'all points of the scan lie on one line',
  'space.plane': 'all points of the scan lie on one plane',

  'space.pathNumbers': 'a path holds numbers that are not finite',
  'space.pathsShare': 'the paths share {seconds} s, at least {least} s are needed',
  'space.hardlyTurned': 'the devices hardly turned, so how they were held to each other cannot be found',
  'space.oneAxis': 'ambiguous: the devices turned about one axis only; turning them about a second one would settle it',
  'space.notAsOne': 'the devices did not move as one: {degrees} degrees and {metres} m are left',
  'space.noPath': 'there is no path to compare',

  'space.rejected': 'rejected by hand',
  'space.notTwo': 'does not join two assets of this project',
  'space.badTransform': 'its transform is not a rotation, translation and scale',
  'space.noUncertainty': 'its uncertainty is not known',
  'space.againstHand': 'contradicts what was placed by hand by {metres} m and {degrees} degrees',
  'space.againstCycle': 'contradicts the cycle {way} by {metres} m and {degrees} degrees over {pairs} pairs',
  'space.alone': 'there is nothing to compare it with',
  'space.joinedLoose': 'it is joined only to assets that are themselves not joined to the world',

  'space.fewPictures': 'only {pictures} of {all} pictures see enough of the scan',
  'space.linesFit': 'the lines of the scan are where the pictures have theirs',
  'space.fitBeside': 'the pictures fit the scan about as well {centimetres} cm away',
  'space.linesBeside': 'the lines of the scan are found beside where they should be',
  'space.depthFits': "the camera's own depth fits its pictures, the scan does not",
  'space.nearlyFit': 'the pictures show the scan, but its lines lie a little beside theirs',
  'space.fewLines': 'the pictures show too little of the lines that the scan has',
} as const
