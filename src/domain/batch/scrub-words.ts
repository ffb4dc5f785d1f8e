/**
 * Words that services build such messages of, and which tell nothing of anybody. A word that is missing here is `…` in
 * messages: what a message is about has to stay readable with the words that validators use.
 */
export const COMMON_WORDS: ReadonlySet<string> = new Set(
  `the a an can't couldn't mustn't and or not no is are was were be been has have had must should may can cannot could will of in on at to from for
  with without by as than then that this these those it its if when while which only also already more less least most
  between within exactly one two first last at least any all each every other another same different
  value values field fields property properties attribute attributes key keys item items element elements entry entries
  record records line lines row rows object objects array arrays list lists string strings number numbers integer
  integers boolean double float decimal date dates datetime time timestamp text character characters char chars digit
  digits letter letters length size minimum maximum min max limit range format formatted pattern type types schema
  model name names code codes reference references ref id identifier identifiers uuid null undefined empty blank missing
  required mandatory optional expected actual found unexpected unknown unsupported supported invalid valid validation
  validate error errors exception failed fail failure failing failed to constraint violation violates violated violations
  duplicate duplicated duplicates exist exists existing does do did not match matches matched matching contain contains
  containing allowed permitted forbidden denied refused rejected accepted parse parsed parsing read write process
  processed processing import imported upsert insert update create created updated deleted delete operation mode request
  response server service internal conflict timeout guest guests order orders session sessions product products batch
  extension extensions country currency language email phone address title gender
  about above access action actions active after again already although always amount and/or attempt attempted attempting
  attempts authorized available bad bad-request because been before behind below beyond body broken but cause caused check
  column columns comma compare compression condition configured configuration contact content correct corrected correctly
  corrupt corrupted count credentials currently cut data decimal decode decoding default defined definition deletion
  depth description details detected did didn't different disabled discarded doesn't don't down due during early earlier
  either else empty enabled encoding end ended ending ends enough enum equal equals etc even ever existed exceed exceeded
  exceeds expire expired expiration extra file files find first following forbidden full further future general get
  given gives global got greater grouped had handle handled has hasn't header headers here higher how however http https
  ids identity identities ignored ignore illegal immutable inactive inconsistent inconsistency inconsistencies incomplete
  incorrect incorrectly index info information inner input inputs insufficient instead into intended isn't itself json
  just know known large larger largest last late later left let limited link links literal locate located location log
  logged long longer look looked lookup low lower lowercase make makes making malformed many mark matched merge merged
  message messages method middle min mismatch mixed modified modify mode much multiple mutable near neither never new
  next none nor nothing notation now numeric occurred occur off offset old once open operand operations option options
  original others otherwise out outer outside over own owner page param parameter parameters parent parser part parts past
  path payload per perform performed permission permissions permit perhaps please point policy position positive negative
  possible possibly precision present prevent previous previously primary prior problem problems process provide provided
  provider providers query quota range rate rather raw reach reached read-only reason received recognised recognized
  regex regexp regular expression reject related relation remain removed remove repeat repeated replace replaced
  reserved resolve resolved resource resources result results retry return returned returns right root rule rules same
  scale schema-version scope second see seen segment select selected send sent sequence set sets several short shorter
  should shouldn't shown sign signed similar since single skip skipped small smaller smallest so some something sort source
  space spaces special specific specified specify start started starting starts state status still stop stopped store
  stored strict structure sub subset success successful successfully such sufficient supplied support supports syntax
  system tag tags take taken target temporarily temporary term test their them there they though three through throw
  thrown thus times today token too top total try trying tried twice two typed unable unavailable unchanged
  under undefined unicode unique uniqueness unit unknown unless unlike unlimited unnecessary unprocessable unrelated until
  unusable up updates upload uploaded upper uppercase url uri use used user users uses using utf utc uuid usual usually
  hex hexadecimal base64 case cases authenticate authentication authorisation authorization checksum checksums client clients compressed gzip gzipped
  instance instances md5 region tenant unauthorised unauthorized upstream gateway overloaded busy maintenance slow rejects
  valued variable version versions very via view violate visible wasn't way we were weren't what whether white whitespace
  whole whose why wide width won't word words work wrong yet you your zero zone`.split(/\s+/),
);
