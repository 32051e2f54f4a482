package io.transfuse.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A cache with a clock that is moved by hand, what it told to be stale, and what the host has counted. */
final class CacheFixture {
    static final long ROOT = MountCache.ROOT;
    static final long TIME_TO_LIVE = 1_000;
    static final int DIRECTORY = 0040000;
    static final int REGULAR = 0100000;

    final Answer answer = new Answer();
    final MountCache cache;
    final Recorder stale = new Recorder();
    private final Map<Long, Long> counted = new HashMap<>();
    private long now = 1;

    CacheFixture() {
        this(1 << 20, 1000);
    }

    CacheFixture(final long bytesMax, final int entriesMax) {
        cache = new MountCache(bytesMax, entriesMax, TIME_TO_LIVE, () -> now);
    }

    static Name name(final String name) {
        return Name.of(name.getBytes(StandardCharsets.UTF_8));
    }

    static byte[] bytes(final String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** A file that has one name. Its attributes are its version, as text. */
    static ObjectFacts file(final long node, final long version) {
        return facts(node, version, REGULAR, false, Validity.UNTIL_INVALIDATED);
    }

    static ObjectFacts directory(final long node) {
        return facts(node, 1, DIRECTORY, false, Validity.UNTIL_INVALIDATED);
    }

    static ObjectFacts linked(final long node, final long version) {
        return facts(node, version, REGULAR, true, Validity.UNTIL_INVALIDATED);
    }

    static ObjectFacts facts(
            final long node, final long version, final int type, final boolean linked, final Validity validity) {
        return new ObjectFacts(node, bytes("v" + version), version, 1000 + node, type, linked, validity);
    }

    void pass(final long nanos) {
        now += nanos;
    }

    /** The host is asked for a name, answers at once, and the kernel is given the object. */
    void learn(final long parent, final String name, final ObjectFacts facts) {
        learn(cache.moment(), parent, name, facts, Validity.UNTIL_INVALIDATED, true);
    }

    /** As {@link #learn(long, String, ObjectFacts)}, without the kernel. */
    void prefetch(final long parent, final String name, final ObjectFacts facts) {
        learn(cache.moment(), parent, name, facts, Validity.UNTIL_INVALIDATED, false);
    }

    void learn(
            final long since,
            final long parent,
            final String name,
            final ObjectFacts facts,
            final Validity validity,
            final boolean toKernel) {
        count(facts.node());
        cache.learnEntry(since, parent, name(name), facts, validity, toKernel, answer);
    }

    void learnAbsent(final long parent, final String name) {
        cache.learnAbsent(cache.moment(), parent, name(name), Validity.UNTIL_INVALIDATED, answer);
    }

    void made(final long parent, final String name, final ObjectFacts facts) {
        made(cache.moment(), parent, name, facts);
    }

    void made(final long since, final long parent, final String name, final ObjectFacts facts) {
        count(facts.node());
        cache.made(since, parent, name(name), facts, Validity.UNTIL_INVALIDATED, answer);
    }

    void learnContent(final ObjectFacts facts, final String content) {
        cache.learnContent(cache.moment(), facts, bytes(content), Validity.UNTIL_INVALIDATED, answer);
    }

    /** The whole directory is learnt at once, each name being a file with the node beside it. */
    void list(final long directory, final Object... namesAndNodes) {
        listSince(cache.moment(), directory, Validity.UNTIL_INVALIDATED, namesAndNodes);
    }

    void listSince(final long since, final long directory, final Validity validity, final Object... namesAndNodes) {
        final long listing = cache.beginListing(directory);
        for (int i = 0; i < namesAndNodes.length; i += 2) {
            final long node = ((Number) namesAndNodes[i + 1]).longValue();
            listed(since, directory, (String) namesAndNodes[i], node, validity);
        }
        cache.endListing(since, directory, listing, 1000 + directory, 999, validity);
    }

    void listed(final long since, final long directory, final String name, final long node, final Validity validity) {
        count(node);
        cache.learnListed(since, directory, name(name), facts(node, 1, REGULAR, false, validity), validity, answer);
    }

    void count(final long node) {
        counted.merge(node, 1L, Long::sum);
    }

    MountCache.Outcome lookup(final long parent, final String name) {
        return cache.lookup(parent, name(name), answer);
    }

    /** Asks for attributes: what they are, or null. */
    String attributes(final long node) {
        return cache.attributes(node, answer) ? text(answer.attributes()) : null;
    }

    String content(final long node) {
        return text(cache.content(node, answer));
    }

    List<String> listing(final long node) {
        final Listing listing = cache.listing(node);
        if (listing == null) {
            return null;
        }
        final List<String> names = new ArrayList<>();
        for (int i = 0; i < listing.size(); i++) {
            names.add(listing.name(i).toString());
        }
        return names;
    }

    static String text(final byte[] bytes) {
        return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
    }

    /** What is given back to the host now, of which it must have counted as much. */
    Map<Long, Long> drained() {
        final Map<Long, Long> drained = new HashMap<>();
        final List<MountCache.Forget> forgets = cache.drainForgets();
        if (forgets != null) {
            forgets.forEach(forget -> drained.merge(forget.node(), forget.lookups(), Long::sum));
        }
        drained.forEach((node, lookups) -> {
            assertThat(lookups).isPositive().isLessThanOrEqualTo(counted.get(node));
            counted.merge(node, -lookups, Long::sum);
        });
        return drained;
    }

    /** How often the host has counted the node and has not got it back. */
    long held(final long node) {
        drained();
        return counted.getOrDefault(node, 0L);
    }

    /** Notes what it is told, as text. */
    static final class Recorder implements Stale {
        final List<String> told = new ArrayList<>();
        boolean tellsEveryName = true;

        @Override
        public void name(final long directory, final Name name) {
            told.add("name " + directory + " " + name);
        }

        @Override
        public void doubtfulName(final long directory, final Name name) {
            told.add("doubtful " + directory + " " + name);
        }

        @Override
        public void object(final long node) {
            told.add("object " + node);
        }

        @Override
        public void attributes(final long node) {
            told.add("attributes " + node);
        }

        @Override
        public void listing(final long directory) {
            told.add("listing " + directory);
        }

        @Override
        public boolean everyName() {
            told.add("every name");
            return tellsEveryName;
        }
    }
}
