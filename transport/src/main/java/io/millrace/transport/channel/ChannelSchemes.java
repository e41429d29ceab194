package io.millrace.transport.channel;

import java.net.URI;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.TreeMap;

/** The schemes there are. Immutable; any thread. */
public final class ChannelSchemes {
    private final Map<String, Object> byName = new TreeMap<>();

    /**
     * Makes a set of schemes.
     *
     * @param schemes each of another name.
     * @throws IllegalStateException if two have the same name: names both.
     */
    public ChannelSchemes(final Iterable<ChannelScheme> schemes) {
        this(schemes, List.of());
    }

    private ChannelSchemes(final Iterable<ChannelScheme> schemes, final Iterable<MessageScheme> messages) {
        schemes.forEach(scheme -> add(scheme.name(), scheme));
        messages.forEach(scheme -> add(scheme.name(), scheme));
    }

    private void add(final String name, final Object scheme) {
        final Object other = byName.put(name.toLowerCase(Locale.ROOT), scheme);
        if (other != null) {
            throw new IllegalStateException("two of the same scheme: name=" + name + " classes="
                    + other.getClass().getName() + ", " + scheme.getClass().getName());
        }
    }

    /**
     * Looks for all there are: beside this class, and where the thread's context class loader looks.
     *
     * @return the schemes.
     * @throws java.util.ServiceConfigurationError if one can't be loaded.
     */
    public static ChannelSchemes load() {
        return load(List.of());
    }

    /**
     * Looks for all there are, as {@link #load()} does.
     *
     * @param given schemes that go before those of the same name.
     * @return the schemes.
     * @throws java.util.ServiceConfigurationError if one can't be loaded.
     */
    public static ChannelSchemes load(final Collection<MessageScheme> given) {
        final List<MessageScheme> messages = new ArrayList<>(given);
        for (final MessageScheme found : find(MessageScheme.class)) {
            if (given.stream().noneMatch(scheme -> scheme.name().equalsIgnoreCase(found.name()))) {
                messages.add(found);
            }
        }
        return new ChannelSchemes(find(ChannelScheme.class), messages);
    }

    private static <S> Collection<S> find(final Class<S> type) {
        final Map<Class<?>, S> found = new LinkedHashMap<>();
        final List<ServiceLoader<S>> loaders = new ArrayList<>();
        loaders.add(ServiceLoader.load(type, ChannelSchemes.class.getClassLoader()));
        loaders.add(ServiceLoader.load(type));
        loaders.forEach(loader -> loader.forEach(scheme -> found.putIfAbsent(scheme.getClass(), scheme)));
        return found.values();
    }

    /**
     * The scheme of a URI whose channels are streams of bytes.
     *
     * @param uri to look at.
     * @return its scheme.
     * @throws IllegalArgumentException if it has none that is known: lists those that are; or one that carries messages.
     */
    public ChannelScheme of(final URI uri) {
        if (lookUp(uri) instanceof ChannelScheme scheme) {
            return scheme;
        }
        throw new IllegalArgumentException("the scheme carries messages, not bytes: uri=" + uri);
    }

    /**
     * The scheme of a URI, if it carries messages.
     *
     * @param uri to look at.
     * @return its scheme; empty if its channels are streams of bytes.
     * @throws IllegalArgumentException if it has none that is known: lists those that are.
     */
    public Optional<MessageScheme> ofMessages(final URI uri) {
        return lookUp(uri) instanceof MessageScheme scheme ? Optional.of(scheme) : Optional.empty();
    }

    private Object lookUp(final URI uri) {
        final String name = uri.getScheme();
        final Object scheme = name == null ? null : byName.get(name.toLowerCase(Locale.ROOT));
        if (scheme == null) {
            throw new IllegalArgumentException(
                    "unknown scheme, known are " + String.join(", ", byName.keySet()) + ": uri=" + uri);
        }
        return scheme;
    }
}
