/** What a recording lacks, or what was taken for granted, where it could still be read; rarer ones are said in English. */
export const imports = {
  'import.mislabelled': 'The file is named .{extension} but holds {format}; its content was taken.',
  'import.mislabelledPicture': 'The file is named .{extension} but holds a {format} picture; its content was taken.',
  'import.notTried': 'Without ffmpeg it could not be tried whether it plays.',
  'import.codecMissing': 'This ffmpeg ({version}) cannot decode {codec}, the codec of {kind} stream {index}.',
  'import.slowToTry': 'Decoding its beginning took too long to be tried.',
  'import.undecodable': 'Nothing of {kind} stream {index} ({codec}) can be decoded.',
  'import.kind.video': 'video',
  'import.kind.audio': 'audio',
  'import.longer': '{bytes} bytes follow behind what its container says; they were not read.',
  'import.truncated': 'The file ends {bytes} bytes before its container says; what is there is used.',
  'import.truncatedSeconds': 'The file ends {seconds} s before its header says; what is there is used.',
  'import.slowToRead': 'Reading the whole file took too long; its length is as its header says.',
  'import.unevenRate': 'Video stream {index} has a variable frame rate; frames are placed by their own times.',
  'import.unknownCodec': 'Stream {index} ({kind} {tag}) has an unknown codec and cannot be played.',
  'import.jumps': 'The timestamps of {kind} stream {index} jump; it is taken as one piece without gaps.',
  'import.encoderDelay':
    'The {codec} encoder of stream {index} put some 20 to 50 ms before the recording that nothing tells; its sound may seem that much late.',
  'import.mirrored': 'Video stream {index} asks to be mirrored; only its rotation is applied.',
  'import.pictureTruncated': 'The picture stops before its end mark.',
  'import.pictureMirrored': 'The picture asks to be mirrored; only its rotation is applied.',
  'import.pictureNotTried': 'It could not be tried here whether the picture can be decoded.',
  'import.pictureDamaged': 'Parts of the picture are damaged.',
  'import.rawTiff': 'This kind of TIFF picture cannot be decoded here.',
  'import.telemetry': 'Its telemetry could not be read: {why}',
  'import.oneEye': 'It is spatial video: of its two eyes only the base view is decoded.',
  'import.bundles':
    'Its samples come in bundles of about {count} with one time each; they were spread evenly up to the next bundle.',
  'import.samplesDropped': '{bad} of {total} samples could not be used and were left out.',
  'import.outOfOrder': 'Its times are not in order: samples were sorted and {repeats} repeats left out.',
  'import.linesNotNumbers': '{bad} lines are not rows of numbers and were left out.',
  'import.pointsMissing': 'It says that it holds {promised} points; {good} are there. It was probably cut off.',
  'import.linesUnreadable': '{bad} lines could not be read.',
  'import.objUnit':
    'OBJ states no unit: read as metres it is {metres} m across. If it was drawn in millimetres it is a thousand times too large.',
  'import.pointsOutside': '{points} points lie outside of the bounds in its header.',
  'import.coordinatesRounded':
    'Its coordinates are single precision numbers far from its origin, which rounds them to {millimetres} mm. Export it with an origin near it, or in double precision.',
  'import.pointsNotFinite': '{bad} of {total} points have no finite coordinates and were left out.',
  'import.trianglesDropped':
    '{bad} of {total} triangles refer to vertices that are missing or not finite and were left out.',
  'import.timeUnit': 'The time column names no unit; by its rate it was read as {unit}.',
  'import.accelerationUnit': 'Accelerations name no unit; with a median of {median} they were read as {unit}.',
  'import.rotationUnit': 'Rotation rates name no unit; they were read as {unit}.',
  'import.accelerationUnknown':
    'Accelerations name no unit, and a median of {median} is none of acceleration: they were left out.',
  'import.rotationUnknown':
    'Rotation rates name no unit, and {fast} is faster than any recorder turns: they were left out.',
  'import.zoneAssumed': 'Its times name no time zone; they were read as UTC.',
  'import.timesMayBeNumbers':
    'Its times count by one from the start: they were read as seconds, but may be numbers of frames.',
  'import.positionUnit': 'Positions name no unit; they were read as metres.',
  'import.noTimes': 'Its pictures have no times: the path can be placed in space, not in time.',
  'import.scaleUnknown':
    'It was computed from pictures: its unit of length is unknown and not metres unless someone scaled it.',
  'import.wrists': 'It tells where wrists are but not how they are turned.',
  'import.handsOfDevice': 'Without the trajectory beside them, hands are where the device saw them.',
  'import.gazeOfEyes': "Gaze is told from between the wearer's eyes, not in the world.",
  'import.pointsUnsure': '{points} points whose distance is unsure were left out.',
  'import.pointRows': '{rows} rows of points could not be read.',
} as const
