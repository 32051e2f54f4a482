/**
 * What a mount may remember: names, absent names, attributes, whole listings, contents of small files and targets of
 * symbolic links. No input or output and no threads; the time comes from outside.
 */
package io.transfuse.cache;
