/**
 * Words that messages of services consist of and that reveal nobody's data. A word that is missing here becomes `…`, so
 * the words that validators use belong here: the message has to stay readable.
 */
export const COMMON_WORDS: ReadonlySet<string> = new Set(
  `a about above accepted access action actions active actual address after again all allowed already also although
  always amount an and another any are array arrays as at attempt attempted attempting attempts attribute attributes
  authenticate authentication authorisation authorization authorized available bad base64 batch be because been before
  behind below between beyond blank body boolean broken busy but by can can't cannot case cases cause caused char
  character characters chars check checksum checksums client clients code codes column columns comma compare compressed
  compression condition configuration configured conflict constraint contact contain containing contains content
  correct corrected correctly corrupt corrupted could couldn't count country create created credentials currency
  currently cut data date dates datetime decimal decode decoding default defined definition delete deleted deletion
  denied depth description details detected did didn't different digit digits disabled discarded do does doesn't don't
  double down due duplicate duplicated duplicates during each earlier early either element elements else email empty
  enabled encoding end ended ending ends enough entries entry enum equal equals error errors etc even ever every
  exactly exceed exceeded exceeds exception exist existed existing exists expected expiration expire expired expression
  extension extensions extra fail failed failing failure field fields file files find first float following for
  forbidden format formatted found from full further future gateway gender general get given gives global got greater
  grouped guest guests gzip gzipped had handle handled has hasn't have header headers here hex hexadecimal higher how
  however http https id identifier identifiers identities identity ids if ignore ignored illegal immutable import
  imported in inactive incomplete inconsistencies inconsistency inconsistent incorrect incorrectly index info
  information inner input inputs insert instance instances instead insufficient integer integers intended internal into
  invalid is isn't it item items its itself json just key keys know known language large larger largest last late later
  least left length less let letter letters limit limited line lines link links list lists literal locate located
  location log logged long longer look looked lookup low lower lowercase maintenance make makes making malformed
  mandatory many mark match matched matches matching max maximum may md5 merge merged message messages method middle
  min minimum mismatch missing mixed mode model modified modify more most much multiple must mustn't mutable name names
  near negative neither never new next no none nor not notation nothing now null number numbers numeric object objects
  occur occurred of off offset old on once one only open operand operation operations option optional options or order
  orders original other others otherwise out outer outside over overloaded own owner page param parameter parameters
  parent parse parsed parser parsing part parts past path pattern payload per perform performed perhaps permission
  permissions permit permitted phone please point policy position positive possible possibly precision present prevent
  previous previously primary prior problem problems process processed processing product products properties property
  provide provided provider providers query quota range rate rather raw reach reached read reason received recognised
  recognized record records ref reference references refused regex regexp region regular reject rejected rejects
  related relation remain remove removed repeat repeated replace replaced request required reserved resolve resolved
  resource resources response result results retry return returned returns right root row rows rule rules same scale
  schema scope second see seen segment select selected send sent sequence server service session sessions set sets
  several short shorter should shouldn't shown sign signed similar since single size skip skipped slow small smaller
  smallest so some something sort source space spaces special specific specified specify start started starting starts
  state status still stop stopped store stored strict string strings structure sub subset success successful
  successfully such sufficient supplied support supported supports syntax system tag tags take taken target temporarily
  temporary tenant term test text than that the their them then there these they this those though three through throw
  thrown thus time timeout times timestamp title to today token too top total tried try trying twice two type typed
  types unable unauthorised unauthorized unavailable unchanged undefined under unexpected unicode unique uniqueness
  unit unknown unless unlike unlimited unnecessary unprocessable unrelated unsupported until unusable up update updated
  updates upload uploaded upper uppercase upsert upstream uri url use used user users uses using usual usually utc utf
  uuid valid validate validation value valued values variable version versions very via view violate violated violates
  violation violations visible was wasn't way we were weren't what when whether which while white whitespace whole
  whose why wide width will with within without won't word words work write wrong yet you your zero zone`.split(/\s+/),
);
