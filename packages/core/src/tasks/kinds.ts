// The kinds of task of this package: they are defined wherever a model is built or loaded.
import './binary.ts';
import './multiclass.ts';
import './regression.ts';
