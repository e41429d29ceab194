package io.millrace.tests.structure;

/** Initialises each class named in its arguments, and prints the module that each came from. */
final class LoadEveryClass {
    private LoadEveryClass() {}

    public static void main(final String[] classNames) throws ClassNotFoundException {
        final ClassLoader loader = LoadEveryClass.class.getClassLoader();
        for (final String className : classNames) {
            final Class<?> loaded = Class.forName(className, true, loader);
            System.out.println(loaded.getModule().getName());
        }
    }
}
