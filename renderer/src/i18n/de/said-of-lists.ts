import type { lists } from '../../../../shared/sayings/lists.ts'
import type { Translation } from '../catalogue.ts'
import type { SayingsOf } from '../en/sayings.ts'

/** What a project lacks of what a lab wants, and why a signed list is not taken in. */
export const saidOfLists: Translation<SayingsOf<typeof lists>> = {
  'said.list.noProject': 'kein Projekt ist offen',
  'said.list.lacksSensors': 'es fehlt: {sensors}',
  'said.list.two': '{first}, {rest}',
  'said.list.sensor.video': 'Video',
  'said.list.sensor.audio': 'Ton',
  'said.list.sensor.imu': 'IMU',
  'said.list.sensor.pose': 'Pose',
  'said.list.sensor.hands': 'Hände',
  'said.list.sensor.gaze': 'Blick',
  'said.list.sensor.depth': 'Tiefe',
  'said.list.sensor.image': 'Bild',
  'said.list.sensor.text': 'Text',
  'said.list.sensor.points': 'Punkte',
  'said.list.sensor.mesh': 'Netz',
  'said.list.sensor.splats': 'Splats',
  'said.list.short': '{seconds} s lang statt {least} s',
  'said.list.licence': 'Lizenz {licence} statt {licences}',
  'said.list.noLicence': 'noch keine Lizenz gewählt, gewünscht: {licences}',
  'said.list.or': '{first} oder {rest}',
  'said.list.training': 'Training ist nicht wie gewünscht erlaubt',

  'said.list.tooLong': 'Das ist zu lang für eine Liste.',
  'said.list.none': 'Das ist keine Liste.',
  'said.list.noSigned': 'Das ist keine signierte Liste von Asterism ({where}).',
  'said.list.otherNetwork': 'Diese Liste nennt ein Netz und die Nummer eines anderen.',
  'said.list.unreadableSignature': 'Die Signatur dieser Liste lässt sich nicht lesen.',
  'said.list.changed':
    'Diese Liste wurde nach dem Signieren geändert, oder jemand anderes als ihr Herausgeber hat sie signiert.',
  'said.list.newerHere': 'Eine neuere Liste dieses Herausgebers mit diesem Titel ist schon da.',
  'said.list.unreadablePrints': 'Die Fingerabdrücke von „{title}“ in „{work}“ lassen sich nicht lesen.',
  'said.list.otherPrints':
    'Die Fingerabdrücke dieser Liste wurden auf andere Weise genommen (Version {version}; hier ist es {own}): Nichts lässt sich mit ihnen vergleichen.',
  'said.list.oldPrints':
    'Die Fingerabdrücke dieser Liste hat eine ältere Version von Asterism auf andere Weise genommen: Nichts lässt sich mit ihnen vergleichen.',
  'said.list.fix.again': 'Holen Sie die Liste noch einmal von ihrem Herausgeber.',
  'said.list.fix.signAnew': 'Bitten Sie den Herausgeber, die Liste mit Ihrer Version von Asterism neu zu signieren.',
  'said.list.fix.update': 'Sie stammt von einem neueren Asterism: Aktualisieren Sie Ihres.',
  'said.list.kept': 'Nichts wurde aufgenommen.',
}
