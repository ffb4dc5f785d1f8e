import { expect, test } from '@jest/globals';
import { withEagerModules } from '../../scripts/eager-modules.ts';

test('modules are put in parentheses, and nothing within them', () => {
  const code =
    'export const modules={12:(e,t)=>{t.x={3:()=>4}},7:function(e){e()}};const a={b:()=>1,2:3},c={"4":()=>1},d={};';
  expect(withEagerModules(code)).toBe(
    'export const modules={12:((e,t)=>{t.x={3:()=>4}}),7:(function(e){e()})};const a={b:()=>1,2:3},c={"4":()=>1},d={};',
  );
});

test('a method is none, since it cannot be in parentheses', () => {
  const code = 'var a={1(){return 2}};';
  expect(withEagerModules(code)).toBe(code);
});
