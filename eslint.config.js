import eslint from '@eslint/js';
import checkFile from 'eslint-plugin-check-file';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';
import { floorsRule } from './scripts/boundaries/floors-rule.js';

const SOURCES = ['packages/*/src/**/*.ts', 'apps/*/src/**/*.{ts,tsx}', 'examples/**/*.ts'];

export default defineConfig(
  {
    ignores: [
      '**/dist/',
      '**/node_modules/',
      '**/coverage/',
      '.nx/',
      'results/',
      '**/scratch/',
      '**/.temp/',
      'apps/site/pages/',
    ],
  },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  eslint.configs.recommended,
  tseslint.configs.recommended,
  {
    files: ['**/*.{ts,tsx}', '**/*.js'],
    plugins: { 'check-file': checkFile },
    rules: {
      '@typescript-eslint/ban-ts-comment': [
        'error',
        { 'ts-expect-error': 'allow-with-description', 'ts-ignore': true, minimumDescriptionLength: 10 },
      ],
      '@typescript-eslint/consistent-type-imports': [
        'error',
        { fixStyle: 'inline-type-imports', disallowTypeAnnotations: false },
      ],
      '@typescript-eslint/no-empty-object-type': ['error', { allowInterfaces: 'with-single-extends' }], // a name for messages
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      'check-file/filename-naming-convention': ['error', { '**/*': 'KEBAB_CASE' }, { ignoreMiddleExtensions: true }],
      'check-file/folder-naming-convention': [
        'error',
        { '{packages,apps}/*/src/**/': 'KEBAB_CASE', 'examples/**/': 'KEBAB_CASE' },
      ],
      eqeqeq: 'error',
      'max-lines': ['error', { max: 400 }],
      'no-loss-of-precision': 'off', // published constants keep all their digits
      'prefer-const': 'error',
    },
  },
  {
    files: SOURCES,
    plugins: { polytask: { rules: { floors: floorsRule } } },
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector: 'ExportDefaultDeclaration',
          message: 'Give it a name: only tools that ask for it get a default export.',
        },
        { selector: "ExportSpecifier[exported.name='default']", message: 'Give it a name.' },
        {
          selector:
            ":matches(BinaryExpression[left.property.name='kind'][right.value=/^(binary|multiclass|regression)$/]," +
            ' SwitchCase[test.value=/^(binary|multiclass|regression)$/])',
          message:
            'Ask for the label or the prediction: labelOf(task), predictionOf(task). A kind of task can come from outside.',
        },
        {
          selector:
            ":matches(BinaryExpression:matches([left.property.name='kind'], [left.expression.property.name='kind'])[right.value=/^(numeric|vector|categorical|hashed|multi-valued|id-sequence|side-column)$/]," +
            " :matches(SwitchStatement[discriminant.property.name='kind'], SwitchStatement[discriminant.name='kind']) > SwitchCase[test.value=/^(numeric|vector|categorical|hashed|multi-valued|id-sequence|side-column)$/])",
          message:
            'Ask for the form: formOf(feature), or the form of a place in a layout. A kind of feature can come from outside.',
        },
        {
          selector: "CallExpression[callee.property.name='oneHot'][arguments.length>2]",
          message: "Cast it: on wasm, oneHot writes other bits than its dtype's.",
        },
      ],
      'polytask/floors': 'error',
    },
  },
  {
    // The rules that need types: a lost promise is a lost error. These three cost three seconds a package.
    files: [...SOURCES, 'packages/*/template/**/*.ts'],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: false }],
    },
  },
  {
    files: ['packages/*/src/**/*.ts', 'apps/*/src/**/*.{ts,tsx}'],
    ignores: ['packages/bench/src/cli.ts', 'packages/bench/src/cli/**'],
    rules: { 'no-console': 'error' },
  },
  {
    // A page downloads what it imports, and users install it. Tests may use all of TensorFlow.js
    files: ['packages/*/src/**/*.ts'],
    ignores: [
      '**/*.test.ts',
      '**/*.fixture.ts',
      'packages/*/src/testing/**',
      'packages/core/src/tf-layers/model-layer.ts',
      'packages/data/src/examples/to-tf-dataset.ts',
    ],
    rules: {
      'no-restricted-imports': [
        'error',
        { name: '@tensorflow/tfjs', message: "Import '@tensorflow/tfjs-core': users pay for the rest (docs/size.md)." },
      ],
    },
  },
  {
    // The room of reports reads summaries and results, and plans nothing (decision 61).
    files: ['packages/study/src/report/**/*.ts'],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              group: [
                '**/search/*',
                '**/trials/{plan,run,executor,search,train}*',
                '**/run-study.ts',
                '**/study-plan.ts',
                '**/auto/*',
              ],
              message: 'A report is made of summaries and results.',
              allowTypeImports: true,
            },
          ],
        },
      ],
    },
  },
  {
    files: ['**/*.test.{ts,tsx,js}'],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector: "CallExpression[callee.property.name='stubGlobal'][arguments.0.value='process']",
          message: 'The test runner needs it while tests run. Use loadInPage of page.base.ts.',
        },
      ],
    },
  },
  { files: ['**/*.config.ts'], rules: { 'no-restricted-syntax': 'off', 'polytask/floors': 'off' } },
  { rules: { 'no-undef': 'off' } }, // tsc sees to that, in scripts/ too
);
