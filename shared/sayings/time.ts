/** What alignment in time says: why two recordings were not placed, or what was measured was not used. */
export const time = {
  'time.sentences': '{one} {other}',
  'time.list': '{one}, {other}',
  'time.byMethod': '{method}: {why}',
  'time.way.audio': 'audio',
  'time.way.motion': 'motion',
  'time.way.timecode': 'timecode',
  'time.way.event': 'event',
  'time.way.hand': 'hand',
  'time.firstRecording': 'The first recording',
  'time.secondRecording': 'The second recording',
  'time.firstMotion': 'The motion of the first',
  'time.secondMotion': 'The motion of the second',

  'time.empty': '{which} is empty.',
  'time.tooShort': '{which} lasts {seconds} s, and under {least} s cannot be told from chance.',
  'time.notNumbers': '{which} holds values that are not numbers.',
  'time.silent': '{which} is silent.',
  'time.constant': '{which} is constant: there is no sound in it.',
  'time.hum': '{which} is a steady tone or hum, which is the same at every moment.',
  'time.nothingRises': 'Nothing in the two recordings rises and falls together. Check that they belong to one take.',
  'time.noPlace':
    'No place was found where the two recordings hold the same sound: the best one is no better than chance (it stands out by {contrast} deviations, {least} are needed). More overlap, a clap or a closer microphone would help. Clocks that run more than 0.14 % apart are not compared.',
  'time.blurred':
    'Both seem to hold the same sound with the second {offset} s after the start of the first, but echoes, noise or a codec blur it too much to place it. A clap or a closer microphone would help.',
  'time.repeats':
    'The sound repeats itself: it fits at {one} s and {other} s alike. A longer recording with something that happens once would decide it.',
  'time.tooLittleSound': 'Too little of the overlap holds sound.',
  'time.cutUp':
    'Parts of the two recordings hold the same sound, but each at another place ({one} s, {other} s): pieces seem to have been cut out of one of them. Align the recording that was not cut.',
  'time.playedAnew':
    'Both hold the same pieces of sound, but the pauses between them are now longer in one (by up to {forth} s) and now in the other (by up to {back} s), as where sentences or prompts were played anew: they are not one take.',
  'time.jingle':
    'Only a short passage is the same in both recordings and the rest of the overlap is not, as with a jingle or a prompt that was played in both.',

  'time.fewSamples': '{which} has too few samples.',
  'time.shortMotion': '{which} lasts only {seconds} s.',
  'time.longMotion': '{which} is longer than eight hours.',
  'time.slowMotion': '{which} was sampled less than five times a second.',
  'time.still': '{which} hardly turns: there is nothing to compare.',
  'time.fewMoves':
    'Both moved alike in a few moves only, and so do any two devices that were turned once or twice. Turning both together several times, in different ways, would help.',
  'time.notAlike':
    'The two do not turn alike anywhere, or in several places alike. Moving both together for ten seconds would help.',
  'time.roughlyAlike': 'The two turn alike only roughly: they were probably not carried together.',
  'time.noRotation': 'One of the two holds no rotation.',
  'time.picturesLeft': 'Their pictures were not compared, since they were placed already.',

  'time.nothingSudden': 'Nothing sudden happens in one of the two: no clap, no flash.',
  'time.fewEvents': {
    one: 'Only {count} sudden event in one of the two, which any offset explains. Three claps at uneven distances would decide it; or set a sync point by hand.',
    other:
      'Only {count} sudden events in one of the two, which any offset explains. Three claps at uneven distances would decide it; or set a sync point by hand.',
  },
  'time.noPattern': 'The sudden events of the two lie in no common pattern that chance would not give as well.',
  'time.evenEvents':
    'The events repeat at even distances and fit at several offsets alike. Claps at uneven distances would decide it.',
  'time.eventsContradict': 'Claps and flashes of the two contradict each other.',
  'time.eventsLeft': 'Claps and flashes were not compared, since they were placed already.',
  'time.noEvents': 'There is no sound and no light to compare.',
  'time.fewWords': 'The two transcripts share too few words in the same order.',
  'time.wordsRepeat': 'The same words are said in several places, so that their order does not decide it.',

  'time.otherSpeeds': 'Their timecodes count at different speeds (29.97 or 23.98 frames a second without drop frame).',
  'time.wholeHour': 'Both timecodes begin at the same whole hour, as those do that nobody set to the time.',
  'time.codesApart': 'By their timecode the two were not recording at the same time.',
  'time.codeAgainstDay':
    'By their timecode the second lies {code} after the first, by their time of day {day}: one of the clocks was not set, was set on another day or counts only while it records.',
  'time.sidecarLength':
    '{name} goes by the name of {other}, but lasts {own} s where that lasts {film} s: it is of another recording.',
  'time.noClocks': 'No timecode that both carry, in the file or in the sound, and no time of day of both.',
  'time.neverSet': 'The clock of one of the two stands on the first of January, as clocks do that were never set.',
  'time.noZone':
    'Their times of day carry no time zone, and the two are so long that {hours} h more or less would fit as well.',
  'time.daysApart': 'By their time of day the two were not recording at the same time.',
  'time.zoneOff':
    'They were if the clock of one is {hours} h off (a time zone, summer time): a clap or a sync point would settle it.',

  'time.nothingInCommon':
    'The two have nothing in common that could be compared: sound in both, motion in both, or clocks that both say.',
  'time.nothingInCommonBy':
    'The two have nothing in common that could be compared by {method}: sound in both, motion in both, or clocks that both say.',
  'time.noSuchWay': 'There is no way called "{method}" to align these.',

  'time.chance': 'It is right with a chance of only {percent} %.',
  'time.between': '{a} and {b} ({method})',
  'time.contradicts': 'It contradicts the way round by {way}.',
  'time.eitherWrong': 'It and {a} to {b} ({method}) contradict each other, and nothing tells which of them is right.',
  'time.notUsable': 'What was measured could not be used. {why}',
  'time.noneLeads': 'It agrees with other recordings, but none of them leads to the reference.',
  'time.foundNowhere':
    'Nothing in it was found in any other recording. A clap that all devices hear and see would help, or a sync point set by hand.',
  'time.youRejected': 'You rejected it.',
} as const
