import pickle,sys,os
sys.path.insert(0,'/tmp/k-search'); sys.path.insert(0,'/work/shared/data'); sys.path.insert(0,'/tmp/sx')
os.environ.setdefault('DJANGO_SETTINGS_MODULE','lightpoint.settings')
import django;django.setup()
import numpy as np, score, io, contextlib
from knowledge.search.features import *
from knowledge.search.ranking import *
from knowledge.search.answering import *
Q,S,N,oid,O=pickle.load(open('/tmp/sx/ev3.pkl','rb'))
gold=score.read('/work/shared/data/retrieval/questions.jsonl')
def sig(t,a,c,drop=None):
    w=weigh_terms(a,c.chunks_with,c.chunks)
    r=rank([x.evidence if drop is None else x.evidence.without(drop) for x in c.rows],w)
    ps={x.evidence.version_id:x.passages for x in c.rows}
    read=[Read(o,tuple((p.id,p.role,p.text) for p in ps[o.evidence.version_id] if p.id!=drop)) for o in r]
    return signals(read,w,c.chunks)
def feats(a,c,drop=None):
    w=weigh_terms(a,c.chunks_with,c.chunks)
    rows=[(x.page['identifier'],list(features_of(x.evidence if drop is None else x.evidence.without(drop),w).values())) for x in c.rows]
    return [r[0] for r in rows],np.array([r[1] for r in rows])
fn=list(features_of(S[0][2].rows[0].evidence,weigh_terms(S[0][1],S[0][2].chunks_with,S[0][2].chunks)))
RS=[feats(a,c) for t,a,c in S]
RO=[feats(a,c,i[0]) for (t,a,c),i in zip(O,oid)]
def fit(data,l2=1.0,iters=300,lr=0.3):
    d=data[0][0].shape[1]; w=np.ones(d); m=np.zeros(d);v=np.zeros(d)
    for it in range(iters):
        g=l2*w/len(data)
        for X,t in data:
            s=X@w; s-=s.max(); p=np.exp(s); p/=p.sum(); g=g+X.T@(p-t)/len(data)
        m=.9*m+.1*g; v=.99*v+.01*g*g
        w=np.maximum(w-lr*(m/(1-.9**(it+1)))/(np.sqrt(v/(1-.99**(it+1)))+1e-8),0)
    return w
def tgt(ids,rel):
    t=np.array([rel.get(i,0) for i in ids],float); return t/t.sum() if t.sum() else None
def evalw(w,idx):
    pred={}
    for i in idx:
        ids,X=RS[i]; o=np.argsort(-(X@w),kind='stable'); pred[Q[i]['id']]={'ranked':[ids[j] for j in o],'answerable':0}
    with contextlib.redirect_stdout(io.StringIO()): return score.retrieval({k:gold[k] for k in pred},pred)
ans=[i for i in range(80) if Q[i]['answerable']]
D={i:(RS[i][1],tgt(RS[i][0],Q[i]['relevant'])) for i in ans}
if __name__=='__main__':
    print('fused alone',evalw(np.array([float(n=='fused') for n in fn]),ans))
    for l2 in (.3,1,3):
        w=fit([D[i] for i in ans],l2); r=evalw(w,ans); print('ranking fit',l2,r['ndcg@10'],r['recall@5'],r['hit@1'],dict(zip(fn,w.round(2).tolist())))
        res=[]
        for seed in range(2):
            perm=np.random.default_rng(seed).permutation(ans)
            sc=[]
            for f in range(5):
                te=list(perm[f::5]); w=fit([D[i] for i in ans if i not in te],l2); rr=evalw(w,te); sc.append((rr['ndcg@10'],rr['recall@5'],rr['hit@1'],len(te)))
            sc=np.array(sc); res.append((sc[:,:3]*sc[:,3:]).sum(0)/sc[:,3].sum())
        print('  cv',np.mean(res,0).round(4))
    own1=np.mean([ids[int(np.argmax(X@w))]==i[1] for (ids,X),i in zip(RO,oid)]); print('own LOO hit@1',own1)
    sx=[sig(*x) for x in S]; nx=[sig(*x) for x in N]; ox=[sig(*x,drop=i[0]) for x,i in zip(O,oid)]
    names=list(sx[0]); A=lambda l:np.array([[d[n] for n in names] for d in l])
    sx,nx,ox=A(sx),A(nx),A(ox); y=np.array([q['answerable'] for q in Q])
    pickle.dump((names,sx,nx,ox,y),open('/tmp/sx/a3.pkl','wb'))
    au=lambda s,t:score.auroc(s[t].tolist(),s[~t].tolist())
    for j,n in enumerate(names): print(f"{n:16} sample {au(sx[:,j],y):.3f} own-vs-dev {score.auroc(ox[:,j].tolist(),nx[:,j].tolist()):.3f}")
    def logit(X,t,l2,wt):
        mu,sd=X.mean(0),X.std(0)+1e-9; Z=np.c_[(X-mu)/sd,np.ones(len(X))]; w=np.zeros(Z.shape[1]); R=np.r_[np.full(X.shape[1],l2),1e-6]
        for _ in range(60):
            p=1/(1+np.exp(-Z@w)); H=Z.T@(Z*(wt*p*(1-p))[:,None])+np.diag(R); w=w-np.linalg.solve(H,Z.T@(wt*(p-t))+R*w)
        raw=w[:-1]/sd; return raw, w[-1]-raw@mu
    V=names.index('value')
    for l2 in (3,10,30):
        X=np.r_[ox,nx]; t=np.r_[np.ones(len(ox)),np.zeros(len(nx))]
        for up in (1,3):
            wt=np.r_[np.where(ox[:,V]>0,up,1.)*len(nx)/len(ox),np.ones(len(nx))]
            w,b=logit(X,t,l2,wt); s=sx@w+b; m=sx[:,V]>0
            print('own+dev->sample l2',l2,'up',up,round(au(s,y),3),'value only',round(au(s[m],y[m]),3),dict(zip(names,w.round(2).tolist())),round(b,2))
        for up in (1,3):
            r=[];r2=[]
            for seed in range(5):
                fold=np.random.default_rng(seed).permutation(80)%6; s=np.zeros(80)
                for k in range(6):
                    tr=fold!=k; X=np.r_[sx[tr],ox,nx]; t=np.r_[y[tr].astype(float),np.ones(len(ox)),np.zeros(len(nx))]
                    wt=np.r_[np.where(y[tr],.6,2.),np.full(len(ox),.1)*np.where(ox[:,V]>0,up,1.),np.full(len(nx),.8)]
                    w,b=logit(X,t,l2,wt); s[~tr]=sx[~tr]@w+b
                r.append(au(s,y)); r2.append(au(s[m],y[m]))
            print('mixed cv l2',l2,'up',up,np.round(r,3),np.round(r2,3))
    X=np.r_[sx,ox,nx]; t=np.r_[y.astype(float),np.ones(len(ox)),np.zeros(len(nx))]
    wt=np.r_[np.where(y,.6,2.),np.full(len(ox),.1)*np.where(ox[:,V]>0,3,1.),np.full(len(nx),.8)]
    w,b=logit(X,t,10,wt); print('final',dict(zip(names,w.round(2).tolist())),round(b,3),au(sx@w+b,y), 'at .5: pos',np.mean(sx[y]@w+b>0),'neg',np.mean(sx[~y]@w+b<=0))
