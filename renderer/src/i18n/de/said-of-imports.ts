import type { imports } from '../../../../shared/sayings/imports.ts'
import type { Translation } from '../catalogue.ts'
import type { SayingsOf } from '../en/sayings.ts'

/** What a recording lacks, or what was taken for granted. */
export const saidOfImports: Translation<SayingsOf<typeof imports>> = {
  'said.import.mislabelled': 'Die Datei heißt .{extension}, enthält aber {format}; ihr Inhalt gilt.',
  'said.import.mislabelledPicture': 'Die Datei heißt .{extension}, enthält aber ein {format}-Bild; ihr Inhalt gilt.',
  'said.import.notTried': 'Ohne ffmpeg ließ sich nicht ausprobieren, ob es sich abspielen lässt.',
  'said.import.codecMissing':
    'Dieses ffmpeg ({version}) kann {codec} nicht dekodieren, den Codec der Spur {index} ({kind}).',
  'said.import.slowToTry': 'Den Anfang zu dekodieren dauerte zu lange, um es auszuprobieren.',
  'said.import.undecodable': 'Von Spur {index} ({kind}, {codec}) lässt sich nichts dekodieren.',
  'said.import.kind.video': 'Bild',
  'said.import.kind.audio': 'Ton',
  'said.import.longer': 'Hinter dem, was der Container sagt, folgen {bytes} Bytes; sie wurden nicht gelesen.',
  'said.import.truncated': 'Die Datei endet {bytes} Bytes früher, als ihr Container sagt; verwendet wird, was da ist.',
  'said.import.truncatedSeconds': 'Die Datei endet {seconds} s früher, als ihr Kopf sagt; verwendet wird, was da ist.',
  'said.import.slowToRead': 'Die ganze Datei zu lesen dauerte zu lange; als Länge gilt, was ihr Kopf sagt.',
  'said.import.unevenRate':
    'Das Bild (Spur {index}) hat keine feste Bildrate; jedes Einzelbild liegt bei seiner eigenen Zeit.',
  'said.import.unknownCodec': 'Spur {index} ({kind} {tag}) hat einen unbekannten Codec und lässt sich nicht abspielen.',
  'said.import.jumps': 'Die Zeitstempel von Spur {index} ({kind}) springen; sie gilt als ein Stück ohne Lücken.',
  'said.import.encoderDelay':
    'Der {codec}-Kodierer von Spur {index} hat vor die Aufnahme etwa 20 bis 50 ms gesetzt, die nichts nennt; ihr Ton kann um so viel zu spät liegen.',
  'said.import.mirrored': 'Das Bild (Spur {index}) soll gespiegelt werden; angewandt wird nur die Drehung.',
  'said.import.pictureTruncated': 'Das Bild bricht vor seiner Endmarke ab.',
  'said.import.pictureMirrored': 'Das Bild soll gespiegelt werden; angewandt wird nur die Drehung.',
  'said.import.pictureNotTried': 'Ob sich das Bild dekodieren lässt, ließ sich hier nicht ausprobieren.',
  'said.import.pictureDamaged': 'Teile des Bildes sind beschädigt.',
  'said.import.rawTiff': 'Diese Art von TIFF-Bild lässt sich hier nicht dekodieren.',
  'said.import.telemetry': 'Die Telemetrie darin ließ sich nicht lesen: {why}',
  'said.import.oneEye': 'Es ist räumliches Video: Von den zwei Augen wird nur die Hauptansicht dekodiert.',
  'said.import.bundles':
    'Die Messwerte kommen in Bündeln von etwa {count} mit je einer Zeit; sie wurden bis zum nächsten Bündel gleichmäßig verteilt.',
  'said.import.samplesDropped': '{bad} von {total} Messwerten waren nicht zu gebrauchen und wurden weggelassen.',
  'said.import.outOfOrder':
    'Die Zeiten sind nicht geordnet: Die Messwerte wurden sortiert, {repeats} Wiederholungen weggelassen.',
  'said.import.linesNotNumbers': '{bad} Zeilen bestehen nicht aus Zahlen und wurden weggelassen.',
  'said.import.pointsMissing':
    'Angekündigt sind {promised} Punkte, {good} sind da. Wahrscheinlich wurde die Datei abgeschnitten.',
  'said.import.linesUnreadable': '{bad} Zeilen ließen sich nicht lesen.',
  'said.import.objUnit':
    'OBJ nennt keine Einheit: In Metern gelesen ist es {metres} m groß. Wurde es in Millimetern gezeichnet, ist es tausendmal zu groß.',
  'said.import.pointsOutside': '{points} Punkte liegen außerhalb der Grenzen, die der Kopf der Datei nennt.',
  'said.import.coordinatesRounded':
    'Die Koordinaten sind Zahlen einfacher Genauigkeit weit vom Ursprung und dadurch auf {millimetres} mm gerundet. Exportieren Sie mit einem nahen Ursprung oder in doppelter Genauigkeit.',
  'said.import.pointsNotFinite': '{bad} von {total} Punkten haben keine endlichen Koordinaten und wurden weggelassen.',
  'said.import.trianglesDropped':
    '{bad} von {total} Dreiecken verweisen auf Ecken, die fehlen oder nicht endlich sind, und wurden weggelassen.',
  'said.import.timeUnit': 'Die Zeitspalte nennt keine Einheit; nach ihrer Rate wurde sie als {unit} gelesen.',
  'said.import.accelerationUnit':
    'Die Beschleunigungen nennen keine Einheit; bei einem Median von {median} wurden sie als {unit} gelesen.',
  'said.import.rotationUnit': 'Die Drehraten nennen keine Einheit; sie wurden als {unit} gelesen.',
  'said.import.accelerationUnknown':
    'Die Beschleunigungen nennen keine Einheit, und ein Median von {median} ist in keiner eine Beschleunigung: sie wurden weggelassen.',
  'said.import.rotationUnknown':
    'Die Drehraten nennen keine Einheit, und {fast} ist schneller, als sich ein Aufnahmegerät dreht: sie wurden weggelassen.',
  'said.import.anglesDegrees':
    'Roll-, Nick- und Gierwinkel nennen keine Einheit; über 6,28 hinaus wurden sie als Grad gelesen.',
  'said.import.anglesUnknown':
    'Roll-, Nick- und Gierwinkel nennen keine Einheit und können Radiant oder Grad sein: sie wurden weggelassen. Die Einheit gehört in die Kopfzeile, etwa „roll_deg“ oder „roll (rad)“.',
  'said.import.zoneAssumed': 'Die Zeiten nennen keine Zeitzone; sie wurden als UTC gelesen.',
  'said.import.timesMayBeNumbers':
    'Die Zeiten zählen vom Anfang an um eins: sie wurden als Sekunden gelesen, können aber Bildnummern sein.',
  'said.import.gravityMissing':
    'Die Beschleunigungen haben einen Median von {median} m/s²: Wer sie schrieb, hat die Schwerkraft herausgerechnet.',
  'said.import.positionUnit': 'Die Positionen nennen keine Einheit; sie wurden als Meter gelesen.',
  'said.import.noTimes': 'Die Bilder haben keine Zeiten: Die Bahn lässt sich im Raum platzieren, nicht in der Zeit.',
  'said.import.scaleUnknown':
    'Es wurde aus Bildern errechnet: Die Längeneinheit ist unbekannt und nur dann Meter, wenn jemand es skaliert hat.',
  'said.import.fixesMissing': 'Zu {missing} Zeiten nannten die Satelliten keinen Ort; sie wurden weggelassen.',
  'said.import.pathUnturned': 'Gelesen wird nur, wo das Gerät war, nicht, wie es gedreht war.',
  'said.import.turnUnknown':
    'Es sagt, wo das Gerät war, aber nicht, wie es gedreht war: gezeichnet wird es mit Blick nach Norden.',
  'said.import.trackWithoutTimes':
    'Die Orte haben keine Zeiten: Die Bahn lässt sich im Raum platzieren, nicht in der Zeit.',
  'said.import.heightsOverGround': 'Seine Höhen sind über dem Boden angegeben, der darunter steigt und fällt.',
  'said.import.headingsAlone':
    'Seine Winkel sind nur Richtungen: Sie sagen, wohin es ging, nicht wie es gedreht war, und wurden nicht übernommen.',
  'said.import.tracksLeftOut': '{left} Bahnen ohne Zeiten neben solchen mit Zeiten wurden weggelassen.',
  'said.import.dayUnknown':
    'Es nennt keinen Tag, den Satelliten genannt haben können: Die Zeiten zählen von Mitternacht an.',
  'said.import.linesDamaged': '{bad} von {total} Zeilen sind beschädigt und wurden weggelassen.',
  'said.import.fitBrokenOff': 'Es bricht ab oder ist unterwegs beschädigt; verwendet wird, was zu lesen war.',
  'said.import.ulogForm':
    'Es ist in einer neueren Form von ULog geschrieben, die niemand lesen darf, der sie nicht kennt.',
  'said.import.ulogLost': 'Das Gerät konnte nicht alles schreiben: Hier und da fehlen zusammen {milliseconds} ms.',
  'said.import.checksumWrong': 'Die Prüfsumme passt nicht zu den Bytes: Werte darin können falsch sein.',
  'said.import.uncalibrated': '{count} Werte der Inertialsensoren kamen ohne Kalibrierung und wurden weggelassen.',
  'said.import.wrists': 'Es sagt, wo die Handgelenke sind, aber nicht, wie sie gedreht sind.',
  'said.import.handsOfDevice': 'Ohne die Bahn des Geräts liegen die Hände dort, wo das Gerät sie sah.',
  'said.import.gazeOfEyes': 'Der Blick ist von der Mitte zwischen den Augen aus angegeben, nicht in der Welt.',
  'said.import.pointsUnsure': '{points} Punkte mit unsicherer Entfernung wurden weggelassen.',
  'said.import.pointRows': '{rows} Zeilen mit Punkten ließen sich nicht lesen.',
  'said.import.dracoDamaged':
    'Was Draco gepackt hat, ist beschädigt; gelesen wurde die Geometrie, wie sie auch offen in der Datei steht.',
  'said.import.piecesUnreadable': '{bad} von {total} Teilen haben keine lesbaren Positionen.',
  'said.import.piecesAreLines': '{bad} von {total} Teilen sind Linien und blieben weg.',
  'said.import.animationAtRest': 'Die Animationen bewegen die Geometrie hier nicht; sie steht wie in Ruhe.',
  'said.import.skinsAtRest': 'Die Häute (skins) wurden nicht angewandt; die Geometrie steht wie in Ruhe.',
  'said.import.stillCameras': 'Stehende Kameras wurden nicht gelesen: {count}.',
  'said.import.keysUnreadable':
    '{bad} von {total} Dingen, die die Animationen bewegen, haben keine lesbaren Schlüsselbilder.',
  'said.import.severalAnimations':
    'Es sind {animations} Animationen; ein Weg folgt der ersten, die ihn bewegt („{name}“).',
  'said.import.layerAlone': 'Nur „{name}“ darin ließ sich lesen, nicht aber, wohin die Szene es stellt.',
  'said.import.usdUnit': 'Eine Einheit ist nicht genannt: Wie USD es vorsieht, gelten Zentimeter.',
  'said.import.transformsUnreadable': 'Schritte der Transformationen, die sich nicht lesen ließen: {count}.',
  'said.import.meshesDamaged': 'Netze, die beschädigt oder ohne Punkte sind: {count}.',
  'said.import.partsElsewhere':
    'Teile, die auf andere Ebenen oder Varianten verweisen und nicht gelesen wurden: {count}.',
  'said.import.scansEmpty': 'Scans ohne Koordinaten: {count}.',
  'said.import.noEcho': 'Richtungen ohne Echo blieben weg: {count}.',
  'said.import.picturesUnread': 'Bilder darin, die nicht gelesen wurden: {count}.',
  'said.import.stlMillimetres':
    'STL nennt keine Einheit: Mit einer Größe von {across} gilt es als in Millimetern gezeichnet und ist {metres} m groß.',
  'said.import.stlMetres': 'STL nennt keine Einheit: Es wurde als in Metern gelesen und ist {metres} m groß.',
  'said.import.stlDoubtful':
    'STL nennt keine Einheit: Es wurde als in Metern gelesen und ist {metres} m groß. Ist es in Millimetern gezeichnet, so ist es tausendmal zu groß.',
  'said.import.columnsGuessed': 'Es hat keine Kopfzeile: Die Werte wurden als x y z gelesen, {colors}, {normals}.',
  'said.import.columnsOfColours': 'die Spalten {from} bis {to} als Farben',
  'said.import.noColours': 'ohne Farben',
  'said.import.columnsOfNormals': 'die Spalten {from} bis {to} als Normalen',
  'said.import.noNormals': 'ohne Normalen',
  'said.import.matrices': '{bad} von {total} Matrizen sind keine starre Bewegung und wurden weggelassen.',
  'said.import.depthNoPinhole':
    'Die Tiefenbilder wurden durch das Kameramodell {model} aufgenommen, das keine Lochkamera ist; sie wurden weggelassen.',
  'said.import.fisheye': 'eines Fischauges',
  'said.import.depthNoPng':
    '{bad} von {total} Tiefenbildern fehlen oder sind keine PNG-Dateien und wurden weggelassen.',
  'said.import.lensBends':
    'Das Objektiv verzeichnet ein wenig (k1 bis p2); die Tiefe wird in den Raum gesetzt, als täte es das nicht.',
  'said.import.pointsNotInFolder': 'Die Punkte ({path}) sind nicht im Ordner.',
  'said.import.camerasMoved':
    'Bevor die Datei geschrieben wurde, wurden die Kameras durch applied_transform gedreht und verschoben: Kameras und Punkte gelten, wie sie dort stehen, nicht wie in dem Modell, aus dem sie kommen.',
  'said.import.camerasScaled':
    'Bevor die Datei geschrieben wurde, wurden die Kameras {scale}-mal so groß gemacht (applied_scale): Kameras und Punkte gelten, wie sie dort stehen, nicht wie in dem Modell, aus dem sie kommen. Die Tiefe wird ihnen angepasst.',
  'said.import.camerasMovedAndScaled':
    'Bevor die Datei geschrieben wurde, wurden die Kameras durch applied_transform gedreht und verschoben und {scale}-mal so groß gemacht (applied_scale): Kameras und Punkte gelten, wie sie dort stehen, nicht wie in dem Modell, aus dem sie kommen. Die Tiefe wird ihnen angepasst.',
  'said.import.partsBeside':
    'Tiefenbilder und Punkte liegen daneben: Importieren Sie den ganzen Ordner, um sie zu haben.',
  'said.import.camerasUnreadable': 'Die Tabelle der Kameras ließ sich nicht lesen: {why}',
  'said.import.severalModels':
    'Es sind {models} Modelle ohne gemeinsames Koordinatensystem; gelesen wurde {read}. Importieren Sie den Ordner eines anderen für sich.',
  'said.import.modelOnTop': 'das oberste',
  'said.import.entitiesUnplaced': '{unplaced} Gegenstände haben keinen Ort und wurden weggelassen.',
  'said.import.partUnreadable': '{entry} ließ sich nicht lesen: {why}',
  'said.import.captureLacks': 'In der Aufnahme fehlt: {parts}.',
  'said.import.depthWithoutTime':
    '{bad} von {total} Tiefenbildern haben keine Zeile in odometry.csv und damit keine Zeit; sie wurden weggelassen.',
  'said.import.videoLonger':
    'Das Video dauert {seconds} s länger als die Posen: Die Einzelbilder sind nummeriert, nicht mit Zeiten versehen.',
  'said.import.alignmentNotRigid':
    'Das alignmentTransform in {entry} ist keine starre Bewegung; raw.glb bleibt, wo es ist.',
  'said.import.alignmentUnreadable': '{entry} ließ sich nicht lesen: {why} raw.glb bleibt, wo es ist.',
  'said.import.camerasDropped': '{bad} von {total} Kameras ließen sich nicht lesen und wurden weggelassen.',
  'said.import.scanUnreadable': 'Der fertige Scan darin ließ sich nicht lesen: {why}',
  'said.import.framesWithoutTimes': 'Die Einzelbilder haben keine Zeiten: Angenommen wurden {rate} je Sekunde.',
  'said.import.framesDropped': '{bad} von {total} Einzelbildern ließen sich nicht lesen und wurden weggelassen.',
  'said.import.gravityDoubtful':
    'Die Beschleunigungen haben einen Median von {median}; das ist weder in m/s² noch in g die Schwerkraft.',
  'said.import.wallsUnplaced':
    '{bad} von {total} Wänden und Gegenständen haben keinen Ort oder keine Größe und wurden weggelassen.',
  'said.import.depthNotThere': '{missing} Tiefenbilder der Liste sind nicht da.',
  'said.import.colourNotThere': '{missing} Farbbilder der Liste sind nicht da.',
  'said.import.cameraOfBenchmark':
    'Eine Kamera wird nicht genannt: Genommen wurde die, die der Datensatz für alle angibt.',
  'said.import.depthDamaged': '{unusable} Tiefenbilder der Tabelle sind beschädigt oder nicht da.',
  'said.import.picturesRaw': 'Die Kamerabilder sind einzelne Rohdateien und wurden nicht als Video gelesen.',
  'said.import.controllersUnread': 'Die Posen der Controller wurden nicht gelesen.',
  'said.import.rightEyeUnread': 'Die Tiefe des rechten Auges wurde nicht gelesen; sie ist fast die des linken.',
  'said.import.picturesNotThere': '{missing} Bilder von {name} sind nicht da.',
  'said.import.noGroundTruth': 'state_groundtruth_estimate0 fehlt, und damit gibt es keinen Weg.',
  'said.import.rowsOfHead': '{broken} Zeilen zu Kopf, Händen und Blick ließen sich nicht lesen.',
  'said.import.depthUnplaced': '{bad} Tiefenbilder haben keine Pose und wurden weggelassen.',
  'said.import.depthArchived':
    'Die Tiefe liegt in „{camera}.tar“: Entpacken Sie das Archiv in einen Ordner dieses Namens.',
  'said.import.picturesUncompressed':
    'Die Bilder sind einzelne unkomprimierte Dateien und wurden nicht als Film gelesen.',
  'said.import.picturesOtherKind': 'Die Bilder ({name}) sind weder PNG noch JPEG und wurden nicht gelesen.',
  'said.import.picturesLate':
    '{late} Bilder von {topic} sind nicht später als die davor; sie werden gleich hinter ihnen gezeigt.',
  'said.import.clockMoved':
    '{names}: mit den Zeiten einer anderen Uhr; so verschoben, dass das jeweils Erste entstand, als es aufgezeichnet wurde.',
  'said.import.messagesLeft': '{unread} von {messages} Nachrichten von {topic} wurden weggelassen. {why}',
  'said.import.firstCloud': 'Von jedem Thema wird nur die erste Punktwolke gelesen.',
  'said.import.picturesUnused': 'Einige der Bilder waren nicht zu gebrauchen: {why}.',
  'said.import.messagesDamaged': 'Sie sind beschädigt oder von anderer Form.',
  'said.import.cutOff': 'Die Datei ist beschädigt oder wurde abgeschnitten ({why}); verwendet wird, was davor kam.',
  'said.import.topicsUnread': 'Nicht gelesen: {list}.',
  'said.import.framesBeyond': 'Hinter den {read} Einzelbildern folgt noch etwas; es wurde nicht gelesen.',
  'said.import.framesBroken': 'Nach {read} von {declared} Einzelbildern bricht die Datei ab; verwendet werden diese.',
  'said.import.bodyTurned': 'Der Körper steht entlang Z: Er wurde von +Z nach oben zu +Y nach oben gedreht.',
  'said.import.bodyUnit':
    'Die Datei nennt keine Längeneinheit. Das Skelett misst {across}; gelesen wurde es in {unit}.',
  'said.import.bodyUnitDoubtful':
    'Die Datei nennt keine Längeneinheit. Das Skelett misst {across}, wie kein Mensch in einer üblichen Einheit; gelesen wurde es in {unit}.',
  'said.import.unit.metres': 'Metern',
  'said.import.unit.cmu': 'der Einheit der Umwandlungen der CMU-Sammlung (5,64 cm)',
  'said.import.unit.inches': 'Zoll',
  'said.import.unit.centimetres': 'Zentimetern',
  'said.import.unit.millimetres': 'Millimetern',
  'said.import.cammDamaged': '{damaged} Pakete der CAMM-Spur ließen sich nicht lesen.',
  'said.import.cammTurnsAlone': 'Die CAMM-Spur nennt Drehungen ohne Orte; sie wurden nicht gelesen.',
  'said.import.midnight': 'Die Tageszeiten gehen über Mitternacht; sie wurden fortgezählt.',
  'said.import.counterWrapped':
    'Der Zähler ({unit}) hat 32 Bit und begann wieder bei null; die Zeiten wurden fortgezählt.',
  'said.import.scanBrokenOff': 'Scan {scan} wurde bis zum Punkt {read} von {total} gelesen: {why}',
  'said.import.payloadsUntimed':
    'Zeiten fehlen: Für jedes der {payloads} Pakete wurde eine Dauer von {seconds} s angenommen.',
  'said.import.lacks.pose': '{bad} der {total} Augenblicke haben keine Pose.',
  'said.import.lacks.depth': '{bad} der {total} Augenblicke haben kein Tiefenbild.',
  'said.import.lacks.picture': '{bad} der {total} Augenblicke haben kein Farbbild.',
}
