/* pieces: what the texts of small scenarios are put together of; for lab_open(). */
#ifndef TESTS_UNIT_PIECES_H
#define TESTS_UNIT_PIECES_H

#define HEAD    "{'fsrace': 1, 'name': 't', "
#define ACTORS  "'cluster': {'nodes': {'A': {'role': 'actor'}, 'B': {'role': 'actor'}}}, "
#define I1      "'i1': {'role': 'ingestor'}"
#define Q1      "'q1': {'role': 'querier'}"
#define NO_SYNC "'sync': {'notify': false, 'scan_ms': 0}"

#endif
