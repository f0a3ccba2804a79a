import pickle,sys,os,time,json
sys.path.insert(0,'/tmp/k-search')
os.environ.setdefault('DJANGO_SETTINGS_MODULE','lightpoint.settings')
import django;django.setup()
import numpy as np
from pathlib import Path
from django.utils import timezone
from knowledge.services.ingestion import ingest_paths
from knowledge.services.chunking import embed_missing
from knowledge.services import *
from lightpoint.progress import NullProgress
from lightpoint.management.preparation import ensure_ready
if '--ingest' in sys.argv:
    ensure_ready()
    t=time.time(); r=ingest_paths([Path('/work/shared/data/guidance')],practice=None,now=timezone.now(),progress=NullProgress()); print(r); print(time.time()-t); embed_missing(); print(time.time()-t)
from knowledge.search.asking import read_question
from knowledge.search.legs import *
from knowledge.embeddings import embed
from knowledge.models import Chunk
Q=[json.loads(l) for l in open('/work/shared/data/retrieval/questions.jsonl')]
neg=[l.strip() for l in open('/tmp/sx/unanswered.txt') if l.strip()]
ch=list(Chunk.objects.filter(role='question',standing=True).exclude(archived=True).order_by('id').values_list('id','identifier','text','embedding'))
print(Chunk.objects.count(), {r:Chunk.objects.filter(role=r).count() for r in('text','summary','question')})
tt=[]
def go(texts,vs):
    r=[]
    for t,v in zip(texts,vs):
        a=read_question(t); t0=time.perf_counter(); c=find_candidates(a,v,Limits(None),40); tt.append(time.perf_counter()-t0)
        r.append((t,a,c))
    return r
S=go([q['question'] for q in Q],embed([q['question'] for q in Q]))
print('ms',np.percentile(tt,[50,95,100])*1000)
N=go(neg,embed(neg))
sub=ch[::3]
O=go([c[2] for c in sub],[np.array(c[3],dtype=np.float32) for c in sub])
pickle.dump((Q,S,N,[(c[0],c[1]) for c in sub],O),open('/tmp/sx/ev3.pkl','wb'))
