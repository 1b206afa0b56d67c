/** Published test vectors of the reference implementation of Uniform Resources (Blockchain Commons, bc-ur, test.cpp). */
export const BYTEWORDS = [
  { hex: '00010280ff', minimal: 'aeadaolazmjendeoti' },
  {
    hex:
      'f5d714c6f1eb453bd1cda512969e7487e5d4139f1125eff0fd0b6dbf25f22678df299cbdf2fe93cc42a3d8afbf48a936203c90e6d289b8c52171580e' +
      '9d1fb12e0173cd45e19641eb3a9041f0854571f73f35f2a5a0901a0d4fed85475245fea58a295518',
    minimal:
      'yktsbbswwnwmfefrttsnonbgmtnnjyltvwtybwnebydawswtzcbdjnrsdawzdsksurdtnsrywzzemusffwottppersfdptencxfnmhvatdldroskcljshdba' +
      'ntctpadmadjksnfevymtfpwmftmhfpwtlpfejsylfhecwzonnbmhcybtgwwelpflgmfezeonledtgocsfzhycypf',
  },
] as const;

/** Seed "Wolf", each of the first hundred modulo 100. */
export const NUMBERS =
  '42 81 85 8 82 84 76 73 70 88 2 74 40 48 77 54 88 7 5 88 37 25 82 13 69 59 30 39 11 82 19 99 45 87 30 15 32 22 89 44 92 77 29 78 4 92 44 68 92 69 1 42 89 50 37 84 63 34 32 3 17 62 40 98 82 89 24 43 85 39 15 3 99 29 20 42 27 10 85 66 50 35 69 70 70 74 30 13 72 54 11 5 70 55 91 52 10 43 43 52';
/** Seed "Wolf", whole numbers from 1 to 10. */
export const ONE_TO_TEN =
  '6 5 8 4 10 5 7 10 4 9 10 9 7 7 1 1 2 9 9 2 6 4 5 7 8 5 4 2 3 8 7 4 5 1 10 9 3 10 2 6 8 5 7 9 3 1 5 2 7 1 4 4 4 4 9 4 5 5 6 9 5 1 2 8 3 3 2 8 4 3 2 1 10 8 9 3 10 8 5 5 6 7 10 5 8 9 4 6 4 2 10 2 1 7 9 6 7 4 2 5';
/** Of 11 fragments, seeds "Wolf-1" to "Wolf-200". */
export const DEGREES =
  '11 3 6 5 2 1 2 11 1 3 9 10 10 4 2 1 1 2 1 1 5 2 4 10 3 2 1 1 3 11 2 6 2 9 9 2 6 7 2 5 2 4 3 1 6 11 2 11 3 1 6 3 1 4 5 3 6 1 1 3 1 2 2 1 4 5 1 1 9 1 1 6 4 1 5 1 2 2 3 1 1 5 2 6 1 7 11 1 8 1 5 1 1 2 2 6 4 10 1 2 5 5 5 1 1 4 1 1 1 3 5 5 5 1 4 3 3 5 1 11 3 2 8 1 2 1 1 4 5 2 1 1 1 5 6 11 10 7 4 7 1 5 3 1 1 9 1 2 5 5 2 2 3 10 1 3 2 3 3 1 1 2 1 3 2 2 1 3 8 4 1 11 6 3 1 1 1 1 1 3 1 2 1 10 1 1 8 2 7 1 2 1 9 2 10 2 1 3 4 10';
/** Message of 1,024 bytes in 11 fragments: which of them the parts 12 to 30 hold. */
export const FRAGMENTS = [
  [9],
  [2, 5, 6, 8, 9, 10],
  [8],
  [1, 5],
  [1],
  [0, 2, 4, 5, 8, 10],
  [5],
  [2],
  [2],
  [0, 1, 3, 4, 5, 7, 9, 10],
  [0, 1, 2, 3, 5, 6, 8, 9, 10],
  [0, 2, 4, 5, 7, 8, 9, 10],
  [3, 5],
  [4],
  [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
  [0, 1, 3, 4, 5, 6, 7, 9, 10],
  [6],
  [5, 6],
  [7],
] as const;
export const SINGLE =
  'ur:bytes/hdeymejtswhhylkepmykhhtsytsnoyoyaxaedsuttydmmhhpktpmsrjtgwdpfnsboxgwlbaawzuefywkdplrsrjynbvygabwjldapfcsdwkbrkch';
/** Message of 256 bytes, at most 30 a fragment. */
export const PARTS = [
  'ur:bytes/1-9/lpadascfadaxcywenbpljkhdcahkadaemejtswhhylkepmykhhtsytsnoyoyaxaedsuttydmmhhpktpmsrjtdkgslpgh',
  'ur:bytes/2-9/lpaoascfadaxcywenbpljkhdcagwdpfnsboxgwlbaawzuefywkdplrsrjynbvygabwjldapfcsgmghhkhstlrdcxaefz',
  'ur:bytes/3-9/lpaxascfadaxcywenbpljkhdcahelbknlkuejnbadmssfhfrdpsbiegecpasvssovlgeykssjykklronvsjksopdzmol',
  'ur:bytes/4-9/lpaaascfadaxcywenbpljkhdcasotkhemthydawydtaxneurlkosgwcekonertkbrlwmplssjtammdplolsbrdzcrtas',
  'ur:bytes/5-9/lpahascfadaxcywenbpljkhdcatbbdfmssrkzmcwnezelennjpfzbgmuktrhtejscktelgfpdlrkfyfwdajldejokbwf',
  'ur:bytes/6-9/lpamascfadaxcywenbpljkhdcackjlhkhybssklbwefectpfnbbectrljectpavyrolkzczcpkmwidmwoxkilghdsowp',
  'ur:bytes/7-9/lpatascfadaxcywenbpljkhdcavszmwnjkwtclrtvaynhpahrtoxmwvwatmedibkaegdosftvandiodagdhthtrlnnhy',
  'ur:bytes/8-9/lpayascfadaxcywenbpljkhdcadmsponkkbbhgsoltjntegepmttmoonftnbuoiyrehfrtsabzsttorodklubbuyaetk',
  'ur:bytes/9-9/lpasascfadaxcywenbpljkhdcajskecpmdckihdyhphfotjojtfmlnwmadspaxrkytbztpbauotbgtgtaeaevtgavtny',
  'ur:bytes/10-9/lpbkascfadaxcywenbpljkhdcahkadaemejtswhhylkepmykhhtsytsnoyoyaxaedsuttydmmhhpktpmsrjtwdkiplzs',
  'ur:bytes/11-9/lpbdascfadaxcywenbpljkhdcahelbknlkuejnbadmssfhfrdpsbiegecpasvssovlgeykssjykklronvsjkvetiiapk',
  'ur:bytes/12-9/lpbnascfadaxcywenbpljkhdcarllaluzmdmgstospeyiefmwejlwtpedamktksrvlcygmzemovovllarodtmtbnptrs',
  'ur:bytes/13-9/lpbtascfadaxcywenbpljkhdcamtkgtpknghchchyketwsvwgwfdhpgmgtylctotzopdrpayoschcmhplffziachrfgd',
  'ur:bytes/14-9/lpbaascfadaxcywenbpljkhdcapazewnvonnvdnsbyleynwtnsjkjndeoldydkbkdslgjkbbkortbelomueekgvstegt',
  'ur:bytes/15-9/lpbsascfadaxcywenbpljkhdcaynmhpddpzmversbdqdfyrehnqzlugmjzmnmtwmrouohtstgsbsahpawkditkckynwt',
  'ur:bytes/16-9/lpbeascfadaxcywenbpljkhdcawygekobamwtlihsnpalnsghenskkiynthdzotsimtojetprsttmukirlrsbtamjtpd',
  'ur:bytes/17-9/lpbyascfadaxcywenbpljkhdcamklgftaxykpewyrtqzhydntpnytyisincxmhtbceaykolduortotiaiaiafhiaoyce',
  'ur:bytes/18-9/lpbgascfadaxcywenbpljkhdcahkadaemejtswhhylkepmykhhtsytsnoyoyaxaedsuttydmmhhpktpmsrjtntwkbkwy',
  'ur:bytes/19-9/lpbwascfadaxcywenbpljkhdcadekicpaajootjzpsdrbalpeywllbdsnbinaerkurspbncxgslgftvtsrjtksplcpeo',
  'ur:bytes/20-9/lpbbascfadaxcywenbpljkhdcayapmrleeleaxpasfrtrdkncffwjyjzgyetdmlewtkpktgllepfrltataztksmhkbot',
] as const;
