/**
 * Words that services build such messages of. They are in no way somebody's data, even where a value of the record is
 * a part of one ("US" of "must"); where a value is just such a word, it goes.
 */
export const COMMON_WORDS: ReadonlySet<string> = new Set(
  `a an and or not no is are was were be been has have had must should may can cannot could will of in on at to from for
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
  extension extensions country currency language email phone address title gender`.split(/\s+/),
);
