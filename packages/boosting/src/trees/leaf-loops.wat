;; The loops of leaf-loops.ts over the rows of a leaf. All parameters are addresses in bytes, but $columns.
(module
  (import "host" "memory" (memory 1))

  ;; Adds the derivatives of rows to the sums of their bins. $firsts has the offsets of the columns' sums.
  (func (export "addRows")
    (param $table i32) (param $columns i32) (param $firsts i32)
    (param $row i32) (param $end i32) (param $gradients i32) (param $hessians i32) (param $sums i32)
    (local $bin i32) (local $last i32) (local $first i32) (local $place i32) (local $values v128)
    (local $a i32) (local $b i32) (local $c i32) (local $d i32)
    (block $done
      (loop $rows
        (br_if $done (i32.ge_u (local.get $row) (local.get $end)))
        (local.set $place (i32.load (local.get $row)))
        (local.set $values
          (f64x2.replace_lane 1
            (f64x2.splat
              (f64.promote_f32 (f32.load (i32.add (local.get $gradients) (i32.shl (local.get $place) (i32.const 2))))))
            (f64.promote_f32 (f32.load (i32.add (local.get $hessians) (i32.shl (local.get $place) (i32.const 2)))))))
        (local.set $bin
          (i32.add
            (i32.add (local.get $table) (i32.and (local.get $place) (i32.const 7)))
            (i32.mul (i32.and (local.get $place) (i32.const -8)) (local.get $columns))))
        (local.set $last (i32.add (local.get $bin) (i32.shl (local.get $columns) (i32.const 3))))
        (local.set $first (local.get $firsts))
        ;; Four columns at a time: their loads don't wait for each other's stores.
        (block $rest
          (loop $fours
            (br_if $rest (i32.ge_u (i32.add (local.get $bin) (i32.const 24)) (local.get $last)))
            (local.set $a (i32.add (local.get $sums)
              (i32.add (i32.load (local.get $first)) (i32.mul (i32.load8_u (local.get $bin)) (i32.const 24)))))
            (local.set $b (i32.add (local.get $sums)
              (i32.add (i32.load offset=4 (local.get $first)) (i32.mul (i32.load8_u offset=8 (local.get $bin)) (i32.const 24)))))
            (local.set $c (i32.add (local.get $sums)
              (i32.add (i32.load offset=8 (local.get $first)) (i32.mul (i32.load8_u offset=16 (local.get $bin)) (i32.const 24)))))
            (local.set $d (i32.add (local.get $sums)
              (i32.add (i32.load offset=12 (local.get $first)) (i32.mul (i32.load8_u offset=24 (local.get $bin)) (i32.const 24)))))
            (v128.store (local.get $a) (f64x2.add (v128.load (local.get $a)) (local.get $values)))
            (f64.store offset=16 (local.get $a) (f64.add (f64.load offset=16 (local.get $a)) (f64.const 1)))
            (v128.store (local.get $b) (f64x2.add (v128.load (local.get $b)) (local.get $values)))
            (f64.store offset=16 (local.get $b) (f64.add (f64.load offset=16 (local.get $b)) (f64.const 1)))
            (v128.store (local.get $c) (f64x2.add (v128.load (local.get $c)) (local.get $values)))
            (f64.store offset=16 (local.get $c) (f64.add (f64.load offset=16 (local.get $c)) (f64.const 1)))
            (v128.store (local.get $d) (f64x2.add (v128.load (local.get $d)) (local.get $values)))
            (f64.store offset=16 (local.get $d) (f64.add (f64.load offset=16 (local.get $d)) (f64.const 1)))
            (local.set $first (i32.add (local.get $first) (i32.const 16)))
            (local.set $bin (i32.add (local.get $bin) (i32.const 32)))
            (br $fours)))
        (block $next
          (loop $ones
            (br_if $next (i32.ge_u (local.get $bin) (local.get $last)))
            (local.set $a (i32.add (local.get $sums)
              (i32.add (i32.load (local.get $first)) (i32.mul (i32.load8_u (local.get $bin)) (i32.const 24)))))
            (v128.store (local.get $a) (f64x2.add (v128.load (local.get $a)) (local.get $values)))
            (f64.store offset=16 (local.get $a) (f64.add (f64.load offset=16 (local.get $a)) (f64.const 1)))
            (local.set $first (i32.add (local.get $first) (i32.const 4)))
            (local.set $bin (i32.add (local.get $bin) (i32.const 8)))
            (br $ones)))
        (local.set $row (i32.add (local.get $row) (i32.const 4)))
        (br $rows))))

  ;; Moves the rows before the others whose bin of a column has 1 in $goes, both in their order. $right has room for the others.
  ;; $cells is the column's first cell. Gives the address of the first of the others.
  (func (export "partition")
    (param $cells i32) (param $columns i32) (param $row i32) (param $end i32) (param $right i32) (param $goes i32) (result i32)
    (local $left i32) (local $other i32) (local $place i32) (local $step i32)
    (local.set $left (local.get $row))
    (local.set $other (local.get $right))
    (block $done
      (loop $rows
        (br_if $done (i32.ge_u (local.get $row) (local.get $end)))
        (local.set $place (i32.load (local.get $row)))
        ;; Both are written and one is kept: a branch here would often be predicted wrongly.
        (i32.store (local.get $left) (local.get $place))
        (i32.store (local.get $other) (local.get $place))
        (local.set $step
          (i32.shl
            (i32.load8_u
              (i32.add
                (local.get $goes)
                (i32.load8_u
                  (i32.add
                    (i32.add (local.get $cells) (i32.and (local.get $place) (i32.const 7)))
                    (i32.mul (i32.and (local.get $place) (i32.const -8)) (local.get $columns))))))
            (i32.const 2)))
        (local.set $left (i32.add (local.get $left) (local.get $step)))
        (local.set $other (i32.add (local.get $other) (i32.sub (i32.const 4) (local.get $step))))
        (local.set $row (i32.add (local.get $row) (i32.const 4)))
        (br $rows)))
    (memory.copy (local.get $left) (local.get $right) (i32.sub (local.get $other) (local.get $right)))
    (local.get $left)))
