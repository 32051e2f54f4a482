package io.transfuse.bench;

import java.util.Map;

/** What a row of the results is about. */
interface Row {
    /** The first column. */
    String title();

    /** The second column: what distinguishes rows of one title. */
    String variant();

    /** The unit of {@link #inUnit}. */
    String unit();

    /** A measurement in the row's unit. */
    double inUnit(double nanoseconds);

    /** What names the row in files, in order. */
    Map<String, Object> fields();
}
