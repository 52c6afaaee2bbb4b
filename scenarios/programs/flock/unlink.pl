use Fcntl ':flock';
open F, '>>', 'lock' or die;
flock F, LOCK_EX or die;
open C, '<', 'count'; $n = <C>; close C;
open C, '>', 'count'; print C $n + 1, "\n"; close C;
unlink 'lock';
