package io.millrace.transport.channel;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;

/** The schemes there are. Immutable; any thread. */
public final class ChannelSchemes {
    private final Map<String, ChannelScheme> byName = new TreeMap<>();

    /**
     * Makes a set of schemes.
     *
     * @param schemes each of another name.
     * @throws IllegalStateException if two have the same name: names both.
     */
    public ChannelSchemes(final Iterable<ChannelScheme> schemes) {
        for (final ChannelScheme scheme : schemes) {
            final ChannelScheme other = byName.put(scheme.name().toLowerCase(Locale.ROOT), scheme);
            if (other != null) {
                throw new IllegalStateException("two of the same scheme: name=" + scheme.name() + " classes="
                        + other.getClass().getName() + ", " + scheme.getClass().getName());
            }
        }
    }

    /**
     * Looks for all there are: beside this class, and where the thread's context class loader looks.
     *
     * @return the schemes.
     * @throws java.util.ServiceConfigurationError if one can't be loaded.
     */
    public static ChannelSchemes load() {
        final Map<Class<?>, ChannelScheme> found = new java.util.LinkedHashMap<>();
        final List<ServiceLoader<ChannelScheme>> loaders = new ArrayList<>();
        loaders.add(ServiceLoader.load(ChannelScheme.class, ChannelScheme.class.getClassLoader()));
        loaders.add(ServiceLoader.load(ChannelScheme.class));
        loaders.forEach(loader -> loader.forEach(scheme -> found.putIfAbsent(scheme.getClass(), scheme)));
        return new ChannelSchemes(found.values());
    }

    /**
     * The scheme of a URI.
     *
     * @param uri to look at.
     * @return its scheme.
     * @throws IllegalArgumentException if it has none that is known: lists those that are.
     */
    public ChannelScheme of(final URI uri) {
        final String name = uri.getScheme();
        final ChannelScheme scheme = name == null ? null : byName.get(name.toLowerCase(Locale.ROOT));
        if (scheme == null) {
            throw new IllegalArgumentException(
                    "unknown scheme, known are " + String.join(", ", byName.keySet()) + ": uri=" + uri);
        }
        return scheme;
    }
}
