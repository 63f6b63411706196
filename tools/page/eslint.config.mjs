import hooks from "eslint-plugin-react-hooks";
import tseslint from "typescript-eslint";

export default tseslint.config(
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: {
      parserOptions: { project: "plexsync_plugin/ui/tsconfig.json", tsconfigRootDir: process.cwd() },
    },
    plugins: { "react-hooks": hooks },
    rules: {
      "react-hooks/rules-of-hooks": "error",
      "react-hooks/exhaustive-deps": "error",
      // Numbers in text are what most of the text is.
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      // `onClick={() => save()}` reads better than a block.
      "@typescript-eslint/no-confusing-void-expression": "off",
      "no-console": "error",
    },
  },
  { files: ["tests/page/**"], rules: { "@typescript-eslint/no-floating-promises": "off" } },
);
