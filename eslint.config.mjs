import tseslint from 'typescript-eslint';

export default tseslint.config(
  { ignores: ['dist', 'bench/out', 'coverage', '.stryker-tmp', '**/*.js', '**/*.cjs', '**/*.mjs'] },
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        project: ['./tsconfig.json', './tsconfig.standard.json'],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      // Indexes here are checked by construction: lanes, outcomes and records are aligned.
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
    },
  },
  {
    files: ['lib/**/*.ts'],
    rules: {
      // Optional peers are loaded on use, by calls that bundlers see.
      '@typescript-eslint/no-require-imports': ['error', { allow: ['^@aws-sdk/', '^@opentelemetry/'] }],
    },
  },
  {
    files: ['spec/**/*.ts', 'samples/**/*.ts', 'bench/**/*.ts'],
    rules: {
      // Record handlers are async by contract, also where a spec has nothing to await; chai asserts with properties.
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/no-unused-expressions': 'off',
      // Records may fail with any thrown value, and specs throw them all.
      '@typescript-eslint/only-throw-error': 'off',
      '@typescript-eslint/prefer-promise-reject-errors': 'off',
      // A decorated method is bound, whatever its type says; and handlers in specs are one line long.
      '@typescript-eslint/unbound-method': 'off',
      '@typescript-eslint/no-extraneous-class': 'off',
      '@typescript-eslint/no-confusing-void-expression': 'off',
    },
  },
  {
    files: ['spec/types/powertools.types.ts'],
    rules: {
      // What users of Powertools write: they call the handler as it is typed, and override hooks by such as give a promise.
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-misused-promises': 'off',
    },
  },
);
